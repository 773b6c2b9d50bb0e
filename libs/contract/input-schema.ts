import { detailCodes } from '#libs/errors/detail-codes.js';
import type { MessageParams } from '#libs/messages/messages.js';
import { allContracts, contractName, fieldsOf, type FieldMeta, type Type } from './fields.js';
import { documented, property, scalar, type JsonSchema } from './json-schema.js';
import { maxJsonLength } from './merge-patch.js';
import { emailPattern, idPattern, instantPattern } from './scalars.js';

/** What is said of a value that breaks a rule: the code and the key of the text, and what fills its placeholders. */
export interface RuleMessage {
  readonly code: string;
  readonly key: string;
  readonly params?: MessageParams;
}
/** Annotation beside the keywords that it explains: the message of each, and under `null` that of a null that may not be. */
export const messagesKeyword = 'x-messages';
/** Annotation of JSON fields: characters that the value may have as JSON text, after a change has been merged into it. */
export const jsonLengthKeyword = 'x-maxJsonLength';

const rule = (code: string, params?: MessageParams): RuleMessage => ({
  code,
  key: `detail.${code}`,
  ...(params && { params }),
});
const rules: Readonly<Record<string, (value: never) => RuleMessage>> = {
  type: (types: string | string[]) =>
    rule(detailCodes.TYPE, { expected: [types].flat().find((type) => type !== 'null') }),
  enum: (values: (string | null)[]) =>
    rule(detailCodes.ENUM, { allowed: values.filter((value) => value !== null).join(', ') }),
  required: () => rule(detailCodes.REQUIRED),
  additionalProperties: () => rule(detailCodes.UNKNOWN_FIELD),
  minimum: (min: number) => rule(detailCodes.MIN, { min }),
  maximum: (max: number) => rule(detailCodes.MAX, { max }),
  minLength: (min: number) => rule(detailCodes.MIN_LENGTH, { min }),
  maxLength: (max: number) => rule(detailCodes.MAX_LENGTH, { max }),
  minItems: (min: number) => rule(detailCodes.MIN_ITEMS, { min }),
  maxItems: (max: number) => rule(detailCodes.MAX_ITEMS, { max }),
  maxProperties: (max: number) => rule(detailCodes.MAX_ITEMS, { max }),
  [jsonLengthKeyword]: (max: number) => rule(detailCodes.MAX_LENGTH, { max }),
  uniqueItems: () => rule(detailCodes.NOT_UNIQUE),
  pattern: () => rule(detailCodes.FORMAT),
  format: () => rule(detailCodes.FORMAT),
  propertyNames: () => rule(detailCodes.FORMAT),
};

/** The schema with the message of every keyword that can be broken. */
function explained(schema: JsonSchema): JsonSchema {
  const messages: Record<string, RuleMessage> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    const canBreak = keyword !== 'additionalProperties' || value === false;
    if (canBreak && rules[keyword]) messages[keyword] = rules[keyword](value as never);
  }
  if (schema.type !== undefined && ![schema.type].flat().includes('null'))
    messages.null = rule(detailCodes.NULL_NOT_ALLOWED);
  return { ...schema, [messagesKeyword]: messages };
}

/** PostgreSQL holds neither U+0000 nor half a surrogate pair. */
const storable = explained({ pattern: '^[^\\u0000\\uD800-\\uDFFF]*$' });
const jsonValue = explained({
  description: 'A value inside a JSON field: anything whose texts and names can be stored.',
  pattern: storable.pattern,
  propertyNames: storable,
  additionalProperties: { $ref: '#/$defs/JsonValue' },
  items: { $ref: '#/$defs/JsonValue' },
});
const patterns: Partial<Record<FieldMeta['kind'], string>> = {
  id: idPattern,
  email: emailPattern,
  instant: instantPattern,
};

/**
 * A scalar with every rule in keywords that each validator checks: `format` is an annotation unless told (JSON Schema
 * 2020-12), so that a pattern says the same; of integers it says no more than their bounds do.
 */
function strict(meta: FieldMeta): JsonSchema {
  const { format, ...schema } = scalar(meta);
  if (meta.kind === 'json')
    return explained({
      ...schema,
      propertyNames: storable,
      additionalProperties: { $ref: '#/$defs/JsonValue' },
      [jsonLengthKeyword]: maxJsonLength,
    });
  const pattern = meta.pattern ?? patterns[meta.kind];
  return explained({
    ...schema,
    ...(pattern !== undefined && { pattern }),
    ...(format !== undefined && schema.type === 'string' && { format }),
  });
}
const aboutOf = (input: Type) => allContracts().find(([contract]) => contract === input)![1];
function objectSchema(input: Type): JsonSchema {
  const fields = [...fieldsOf(input).values()];
  const { name, description } = aboutOf(input);
  return explained({
    title: name,
    description,
    type: 'object',
    properties: Object.fromEntries(
      fields.map((f) => [f.name, documented(f, explained(property(f, objectSchema, strict)))]),
    ),
    required: fields.filter((f) => !f.optional).map((f) => f.name),
    additionalProperties: false,
  });
}
const hasJson = (input: Type): boolean =>
  [...fieldsOf(input).values()].some((f) => f.kind === 'json' || (f.kind === 'nested' && hasJson(f.of!())));

/**
 * The rules of an input as JSON Schema 2020-12, whole, with the message of each: what `validate` checks is what clients
 * read. `id` is where it is published.
 */
export function inputSchema(input: Type, id?: string): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(id !== undefined && { $id: id }),
    ...objectSchema(input),
    ...(hasJson(input) && { $defs: { JsonValue: jsonValue } }),
  };
}
/** Every input by its name. */
export const allInputs = (): ReadonlyMap<string, Type> =>
  new Map(
    allContracts()
      .filter(([, { role }]) => role === 'input')
      .map(([input]): [string, Type] => [contractName(input), input])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
