import { fieldsOf, type FieldMeta } from '#libs/contract/fields.js';
import type { Operator, Resource } from '#libs/database/resource.js';
import type { Schema } from './openapi-document.js';

// Examples stand in the schemas and not in the parameters: Swagger UI fills its form with those of parameters, and a
// list that is filtered by every example finds nothing.

const uuid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const exampleId = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
const fieldPath = '[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z][A-Za-z0-9]*)*';
const listOf = (one: string) => `^${one}(,${one})*$`;
/** Addresses hold any character but NUL. */
const anyText = '^[^\\u0000]*$';

export const idSchema: Schema = { type: 'string', format: 'uuid', minLength: 36, maxLength: 36, examples: [exampleId] };

export const fieldsSchema = (resource: Resource): Schema => ({
  type: 'string',
  maxLength: 2000,
  pattern: listOf(fieldPath),
  examples: [[...resource.fields.keys()].slice(0, 3).join()],
});
export function sortSchema(resource: Resource): Schema {
  const key = `-?(${['id', ...resource.sorts].join('|')})`;
  return {
    type: 'string',
    maxLength: 200,
    pattern: listOf(key),
    examples: [resource.definition.defaultSort ?? '-id'],
  };
}
export const cursorSchema: Schema = {
  type: 'string',
  maxLength: 2000,
  pattern: '^[A-Za-z0-9_-]+$',
  examples: ['WyItY3JlYXRlZEF0IiwiMjAyNi0wMy0xNFQwOToyNjo1My41ODlaIl0'],
};
export const searchSchema: Schema = { type: 'string', maxLength: 200, pattern: anyText, examples: ['dark roast'] };

const tag = '(W/)?"[0-9]{1,10}(\\.[A-Za-z0-9_-]*)?"';
const exampleTag = '"3.k7Jd0aQ2xw"';
export const ifMatchSchema: Schema = {
  type: 'string',
  maxLength: 400,
  pattern: `^(\\*|${tag}( *, *${tag})*)$`,
  examples: [exampleTag],
};
export const ifNoneMatchSchema: Schema = {
  type: 'string',
  maxLength: 400,
  pattern: '^[ -~]*$',
  examples: [exampleTag],
};
export const etagSchema: Schema = {
  type: 'string',
  maxLength: 100,
  pattern: '^"[A-Za-z0-9._-]+"$',
  examples: [exampleTag],
};
export const locationSchema = (resource: Resource): Schema => ({
  type: 'string',
  format: 'uri-reference',
  maxLength: 400,
  examples: [`/v1/${resource.path}/${exampleId}`],
});
export const linkSchema = (resource: Resource): Schema => ({
  type: 'string',
  maxLength: 8000,
  pattern: '^<[!-~]+>; rel="next"$',
  examples: [`</v1/${resource.path}?limit=20&after=WyItY3JlYXRlZEF0Il0>; rel="next"`],
});

/** The value that a list compares with, as it stands in the address. */
export function filterSchema(resource: Resource, name: string, operator: Operator): Schema {
  const field = comparedField(resource, name);
  // Where `in` is declared, a plain value may be several ones with commas between them.
  const several = operator === 'in' || (operator === 'eq' && resource.filters[name].includes('in'));
  switch (field?.kind) {
    case 'id':
      return several ? { type: 'string', maxLength: 3699, pattern: listOf(uuid), examples: [exampleId] } : idSchema;
    case 'int':
      return { type: 'integer', format: 'int32', minimum: -2147483647, maximum: 2147483647, examples: [1] };
    case 'bigint':
      return {
        type: 'integer',
        format: 'int64',
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        examples: [4990],
      };
    case 'flag':
      return { type: 'boolean', examples: [true] };
    case 'instant':
      return { type: 'string', format: 'date-time', maxLength: 35, examples: [field.example] };
    case 'choice': {
      const values = field.values!;
      return several
        ? {
            type: 'string',
            maxLength: 1000,
            pattern: listOf(`(${values.join('|')})`),
            examples: [values.slice(0, 2).join()],
          }
        : { type: 'string', enum: [...values] };
    }
    default:
      return {
        type: 'string',
        maxLength: several ? 4000 : 500,
        pattern: several ? listOf('[^\\u0000,]{0,500}') : anyText,
        examples: [field?.example ?? 'text'],
      };
  }
}
/** The field of the view whose values a filter compares; of money one of its parts. */
function comparedField(resource: Resource, name: string): FieldMeta | undefined {
  const own = resource.fields.get(name);
  if (own) return own;
  for (const field of resource.fields.values())
    for (const [part, column] of Object.entries(field.columns ?? {}))
      if (column === name) return fieldsOf(field.of!()).get(part);
  return undefined;
}
