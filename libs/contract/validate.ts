import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { AppError, type ErrorDetail } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { Type } from './fields.js';
import { inputSchema, jsonLengthKeyword, messagesKeyword, type RuleMessage } from './input-schema.js';

const ajv = new Ajv2020({
  allErrors: true,
  strictTypes: false,
  verbose: true,
  keywords: [messagesKeyword, jsonLengthKeyword],
});
formats.default(ajv);

/** The message that the schema has for the keyword, at the field that is meant. */
function detailOf({ instancePath, keyword, data, parentSchema, ...error }: ErrorObject): ErrorDetail {
  const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>;
  const last = missingProperty ?? additionalProperty;
  const path = instancePath
    .split('/')
    .slice(1)
    .map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'));
  const messages = parentSchema![messagesKeyword] as Readonly<Record<string, RuleMessage>>;
  const { code, params } = messages[keyword === 'type' && data === null ? 'null' : keyword];
  return { field: [...path, ...(last === undefined ? [] : [last])].join('.'), code, ...(params && { params }) };
}

const compiled = new Map<Type, ValidateFunction>();
const maxDetails = 50;

/**
 * The input as its class, or VALIDATION_FAILED with a detail for every field that breaks a rule.
 * The rules are those of the schema that is published, checked with nothing but standard formats, so a client that
 * checks by it comes to the same verdict.
 */
export function validate<T extends object>(contract: Type<T>, input: unknown): T {
  let check = compiled.get(contract);
  if (!check) compiled.set(contract, (check = ajv.compile(inputSchema(contract))));
  if (check(input)) return input as T;
  const details = new Map<string, ErrorDetail>();
  for (const error of check.errors!) {
    const detail = detailOf(error);
    const key = `${detail.field} ${detail.code}`;
    if (!details.has(key)) details.set(key, detail);
    if (details.size >= maxDetails) break;
  }
  throw new AppError(commonErrors.VALIDATION_FAILED, { details: [...details.values()] });
}
