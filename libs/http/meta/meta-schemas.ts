type Schema = Record<string, unknown>;

export const textSchema = (description: string, example: string): Schema => ({
  type: 'string',
  maxLength: 10_000,
  pattern: '^[^\\u0000]*$',
  description,
  examples: [example],
});
export const pathSchema = (description: string, example: string): Schema => ({
  type: 'string',
  format: 'uri-reference',
  maxLength: 400,
  description,
  examples: [example],
});
/** What there is to read, row by row. */
export const indexSchema = (description: string, properties: Record<string, Schema>): Schema => ({
  type: 'object',
  description,
  required: ['data'],
  properties: {
    data: {
      type: 'array',
      description,
      maxItems: 1000,
      items: { type: 'object', description: 'One of them.', required: Object.keys(properties), properties },
    },
  },
});

const min = { code: 'MIN', key: 'detail.MIN', params: { min: 1 } };
const missing = { code: 'REQUIRED', key: 'detail.REQUIRED' };
/** Shortened. */
export const exampleSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://api.example.com/v1/meta/schemas/SetOrderLineInput',
  title: 'SetOrderLineInput',
  description: 'How many pieces of a product a draft orders.',
  type: 'object',
  properties: {
    quantity: {
      type: 'integer',
      format: 'int32',
      minimum: 1,
      maximum: 1000,
      description: 'Pieces.',
      'x-messages': { minimum: min },
    },
  },
  required: ['quantity'],
  additionalProperties: false,
  'x-messages': { required: missing },
};
