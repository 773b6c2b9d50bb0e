import { contractName, fieldsOf, type FieldMeta, type Type } from './fields.js';

export type JsonSchema = Record<string, unknown>;

const maxJsonProperties = 100;

export function scalar(meta: FieldMeta): JsonSchema {
  const text = {
    type: 'string',
    ...(meta.minLength !== undefined && { minLength: meta.minLength }),
    ...(meta.maxLength !== undefined && { maxLength: meta.maxLength }),
    ...(meta.pattern !== undefined && { pattern: meta.pattern }),
    ...(meta.format !== undefined && { format: meta.format }),
  };
  switch (meta.kind) {
    case 'id':
      return { type: 'string', format: 'uuid', minLength: 36, maxLength: 36 };
    case 'int':
      return { type: 'integer', format: 'int32', minimum: meta.min, maximum: meta.max };
    case 'bigint':
      return { type: 'integer', format: 'int64', minimum: meta.min, maximum: meta.max };
    case 'flag':
      return { type: 'boolean' };
    case 'choice':
      return { type: 'string', enum: [...meta.values!] };
    case 'json':
      return { type: 'object', additionalProperties: true, maxProperties: maxJsonProperties };
    default:
      return text;
  }
}
const orNull = (schema: JsonSchema): JsonSchema =>
  typeof schema.type === 'string'
    ? {
        ...schema,
        type: [schema.type, 'null'],
        ...(schema.enum ? { enum: [...(schema.enum as unknown[]), null] } : {}),
      }
    : { anyOf: [schema, { type: 'null' }] };

/** One field as JSON Schema 2020-12, with nested classes as given by `ref` and scalars as given by `plain`. */
export function property(
  meta: FieldMeta,
  ref: (contract: Type) => JsonSchema,
  plain: (meta: FieldMeta) => JsonSchema = scalar,
): JsonSchema {
  const one = meta.kind === 'nested' ? ref(meta.of!()) : plain(meta);
  const value = meta.list
    ? {
        type: 'array',
        items: one,
        ...(meta.minItems !== undefined && { minItems: meta.minItems }),
        maxItems: meta.maxItems,
        ...(meta.uniqueItems && { uniqueItems: true }),
      }
    : one;
  return meta.nullable ? orNull(value) : value;
}
export const documented = (meta: FieldMeta, schema: JsonSchema): JsonSchema => ({
  ...schema,
  description: meta.description,
  ...(meta.example !== undefined && {
    examples: [meta.list && !Array.isArray(meta.example) ? [meta.example] : meta.example],
  }),
});

const component = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/**
 * The schema of a class for OpenAPI 3.1, nested classes and enums by `$ref`. A view requires what an answer holds unless
 * `fields` says otherwise: not the other rows it can contain, and not what rights may hide.
 */
export function openApiSchema(contract: Type, description: string, role: 'view' | 'input'): JsonSchema {
  const nested = (c: Type) => component(contractName(c));
  const plain = (meta: FieldMeta) => (meta.kind === 'choice' ? component(meta.enumName!) : scalar(meta));
  const fields = [...fieldsOf(contract).values()];
  const isRequired = (f: FieldMeta) =>
    role === 'input' ? !f.optional : !f.restrictable && (f.kind !== 'nested' || f.columns !== undefined);
  const required = fields.filter(isRequired).map((f) => f.name);
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(fields.map((f) => [f.name, documented(f, property(f, nested, plain))])),
    ...(required.length && { required }),
    ...(role === 'input' && { additionalProperties: false }),
  };
}
/**
 * The schema that Fastify compiles to a serializer. Nothing is required: what was not selected, or may not be read, is
 * absent. Without the right type and `nullable` the compiled serializer turns null into `0`, `""` or `{}`.
 */
export function serializerSchema(contract: Type): JsonSchema {
  const properties = Object.fromEntries(
    [...fieldsOf(contract).values()].map((f) => {
      const one =
        f.kind === 'nested'
          ? serializerSchema(f.of!())
          : f.kind === 'json'
            ? { type: 'object', additionalProperties: true }
            : { type: scalar(f).type };
      return [f.name, { ...(f.list ? { type: 'array', items: one } : one), ...(f.nullable && { nullable: true }) }];
    }),
  );
  return { type: 'object', properties };
}
