import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { AppError, type ErrorDetail } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { Type } from './fields.js';
import { validationSchema } from './json-schema.js';
import { isInstant } from './scalars.js';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, verbose: true, unicodeRegExp: true });
formats.default(ajv, ['uuid', 'email']);
ajv.addFormat('date-time', { type: 'string', validate: isInstant });
ajv.addFormat('int32', true);
ajv.addFormat('int64', true);

const codes: Record<string, string> = {
  minimum: 'MIN',
  maximum: 'MAX',
  minLength: 'MIN_LENGTH',
  maxLength: 'MAX_LENGTH',
  minItems: 'MIN_ITEMS',
  maxItems: 'MAX_ITEMS',
  maxProperties: 'MAX_ITEMS',
  pattern: 'FORMAT',
  format: 'FORMAT',
  enum: 'ENUM',
  uniqueItems: 'NOT_UNIQUE',
};
function detailOf(e: ErrorObject): ErrorDetail {
  const path = e.instancePath
    .split('/')
    .slice(1)
    .map((p) => p.replaceAll('~1', '/').replaceAll('~0', '~'));
  const at = (last?: string) => [...path, ...(last === undefined ? [] : [last])].join('.');
  const params = e.params as Record<string, never>;
  if (e.keyword === 'required') return { field: at(params.missingProperty), code: 'REQUIRED' };
  if (e.keyword === 'additionalProperties') return { field: at(params.additionalProperty), code: 'UNKNOWN_FIELD' };
  if (e.keyword === 'type')
    return e.data === null
      ? { field: at(), code: 'NULL_NOT_ALLOWED' }
      : { field: at(), code: 'TYPE', params: { expected: [params.type].flat().find((t) => t !== 'null') } };
  if (e.keyword === 'enum')
    return { field: at(), code: 'ENUM', params: { allowed: (params.allowedValues as unknown[]).join(', ') } };
  return {
    field: at(),
    code: codes[e.keyword] ?? 'FORMAT',
    ...('limit' in params && { params: { [e.keyword.startsWith('min') ? 'min' : 'max']: params.limit } }),
  };
}

const compiled = new Map<Type, ValidateFunction>();
const maxDetails = 50;

/**
 * The input as its class, or VALIDATION_FAILED with a detail for every field that breaks a rule.
 * The rules are those of the class's JSON Schema, so a client that checks by the published schema comes to the same verdict.
 */
export function validate<T extends object>(contract: Type<T>, input: unknown): T {
  let check = compiled.get(contract);
  if (!check) compiled.set(contract, (check = ajv.compile(validationSchema(contract))));
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
