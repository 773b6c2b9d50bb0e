import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/authn/access.guard.js';
import { Config } from '#libs/config/config.js';
import { allInputs, inputSchema } from '#libs/contract/input-schema.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { DocumentOperation } from '../operation.js';
import { PublicDocument } from '../public-document.js';
import { exampleSchema, indexSchema, pathSchema, textSchema } from './meta-schemas.js';

const path = '/v1/meta/schemas';
/** JSON Schema Core 2020-12 §14. */
const schemaType = 'application/schema+json';

@ApiTags('meta')
@Public()
@Controller({ path: 'meta/schemas', version: '1' })
export class SchemasController {
  private documents?: ReadonlyMap<string, PublicDocument>;
  private index?: PublicDocument;

  constructor(private readonly config: Config) {}

  @Get()
  @DocumentOperation({
    id: 'listInputSchemas',
    summary: 'Lists the inputs whose rules are published.',
    answer: 'The inputs by name.',
    mediaType: 'application/json',
    schema: indexSchema('The inputs by name.', {
      name: textSchema('Name of the input, as in the OpenAPI document and in GraphQL.', 'CreateOrderInput'),
      description: textSchema('What it is for.', 'A new order: a draft, or placed at once.'),
      href: pathSchema('Path of its schema.', `${path}/CreateOrderInput`),
      etag: textSchema('ETag of its schema: as long as it stays, so does the schema.', '"gLGJbCbc4hsJ8wyrV1KrNw"'),
    }),
    example: {
      data: [
        {
          name: 'CreateOrderInput',
          description: 'A new order: a draft, or placed at once.',
          href: `${path}/CreateOrderInput`,
          etag: '"gLGJbCbc4hsJ8wyrV1KrNw"',
        },
      ],
    },
  })
  list() {
    return (this.index ??= new PublicDocument(
      {
        data: [...this.schemas()].map(([name, { etag, content }]) => ({
          name,
          description: content.description,
          href: `${path}/${name}`,
          etag,
        })),
      },
      'application/json; charset=utf-8',
    ));
  }

  @Get(':input')
  @DocumentOperation({
    id: 'getInputSchema',
    summary: 'Reads the rules of an input, as JSON Schema 2020-12.',
    description:
      'Reads the rules of an input, as JSON Schema 2020-12. The service checks by this very schema. `x-messages` beside ' +
      'the keywords names the detail code, the key of the text in `/v1/meta/messages/{locale}` and what fills the text, ' +
      'for each keyword; under `null` what is said of a null where the type allows none.',
    parameter: {
      name: 'input',
      description: 'Name of the input, as in the OpenAPI document and in GraphQL.',
      schema: { type: 'string', maxLength: 100, pattern: '^[A-Z][A-Za-z0-9]*$', examples: ['UpdateProfileInput'] },
    },
    answer: 'The JSON Schema of the input.',
    mediaType: schemaType,
    schema: {
      type: 'object',
      description: 'A JSON Schema (2020-12): whole, without references to other documents.',
      required: ['$schema', '$id', 'title', 'type', 'properties', 'required', 'additionalProperties'],
      properties: {
        $schema: pathSchema('The dialect.', exampleSchema.$schema),
        $id: pathSchema('Where the schema is published.', exampleSchema.$id),
        title: textSchema('Name of the input.', exampleSchema.title),
        type: { type: 'string', description: 'Inputs are objects.', enum: ['object'] },
        properties: {
          type: 'object',
          description: 'The rules of each field, by its name.',
          additionalProperties: true,
        },
        required: {
          type: 'array',
          description: 'Names of the fields that must be there.',
          maxItems: 1000,
          items: textSchema('Name of a field.', 'quantity'),
        },
        additionalProperties: { type: 'boolean', description: 'Whether other fields may be there.', examples: [false] },
      },
      additionalProperties: true,
    },
    example: exampleSchema,
  })
  get(@Param('input') input: string) {
    const found = this.schemas().get(input);
    if (!found) throw new AppError(commonErrors.NOT_FOUND);
    return found;
  }

  /** Made when they are asked for first: all modules are loaded by then. */
  private schemas(): ReadonlyMap<string, PublicDocument> {
    const base = `${this.config.http.publicUrl}${path}`;
    return (this.documents ??= new Map(
      [...allInputs()].map(([name, input]) => [
        name,
        new PublicDocument(inputSchema(input, `${base}/${name}`), `${schemaType}; charset=utf-8`),
      ]),
    ));
  }
}
