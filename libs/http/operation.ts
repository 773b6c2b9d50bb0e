import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#libs/errors/app-error.js';
import type { ErrorRow } from '#libs/errors/catalogue.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { contractName, descriptionOf, fieldsOf, type Type } from '#libs/contract/fields.js';
import { scalar, serializerSchema } from '#libs/contract/json-schema.js';
import { validate } from '#libs/contract/validate.js';
import { invalid, notAllowed } from '#libs/database/list.js';
import type { Operator, Resource } from '#libs/database/resource.js';
import {
  cursorSchema,
  etagSchema,
  fieldsSchema,
  filterSchema,
  idSchema,
  ifMatchSchema,
  ifNoneMatchSchema,
  linkSchema,
  locationSchema,
  searchSchema,
  sortSchema,
} from './docs/parameter-schemas.js';

export const operationErrors = Symbol('errors of an operation');
const bodyRequired = Symbol('the body of an operation may not be left out');

const etagHeader = {
  ETag: {
    description: 'Version and shape of the document, for `If-Match` and `If-None-Match`.',
    schema: etagSchema,
  },
};
const locationHeader = (resource: Resource) => ({
  Location: { description: 'Path of the new resource.', schema: locationSchema(resource) },
});
const linkHeader = (resource: Resource) => ({
  Link: { description: 'The next page (RFC 8288); absent on the last one.', schema: linkSchema(resource) },
});

interface OperationOptions {
  /** operationId: the verb that the GraphQL field and the service method carry too. */
  id: string;
  summary: string;
  description?: string;
  /** What it can answer with beside the errors that any operation can. */
  errors?: readonly ErrorRow[];
}
interface CommandOptions extends OperationOptions {
  /** Answer of a success; 200 unless told. With 204 it has no body. */
  status?: 200 | 201 | 204;
  input?: Type;
  /** Without one the operation needs no body. */
  inputRequired?: boolean;
  ifMatch?: boolean;
}
const operation = (o: OperationOptions) =>
  applyDecorators(
    ApiOperation({ operationId: o.id, summary: o.summary, description: o.description ?? o.summary }),
    SetMetadata(operationErrors, o.errors ?? []),
  );
const pathId = (resource: Resource) =>
  ApiParam({
    name: 'id',
    description: `Id of the ${resource.name}.`,
    schema: idSchema,
  });
const fieldsQuery = (resource: Resource) =>
  ApiQuery({
    name: 'fields',
    required: false,
    description:
      `Only these fields, nested ones with a dot: ${[...resource.fields.keys()].join(', ')}. ` +
      'The answer then lacks all others, whatever its schema requires.',
    schema: fieldsSchema(resource),
  });
const ifNoneMatch = () =>
  ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'ETag of the copy at hand: 304 when it is still right.',
    schema: ifNoneMatchSchema,
  });
const notModified = () =>
  ApiResponse({ status: 304, description: 'The copy at hand is still right.', headers: etagHeader });
/** What the query parameters of a single resource can be wrong in. */
const askErrors = [commonErrors.VALIDATION_FAILED, commonErrors.FILTER_NOT_ALLOWED, commonErrors.FIELD_UNKNOWN];
const meaning: Record<Operator, string> = {
  eq: 'equals',
  ne: 'does not equal',
  in: 'is one of (comma-separated)',
  gt: 'is greater than',
  gte: 'is greater than or equals',
  lt: 'is less than',
  lte: 'is less than or equals',
  contains: 'contains (any letter case)',
  has: 'has the element',
};

/** A list: its query parameters, page and serializer follow from the resource. */
export function ListOperation(resource: Resource, o: OperationOptions): MethodDecorator {
  const { view, plural, defaultSort, search, publicMaxAge } = resource.definition;
  const filters = Object.entries(resource.filters).flatMap(([name, operators]) =>
    operators.map((operator) =>
      ApiQuery({
        name: operator === 'eq' ? name : `${name}[${operator}]`,
        required: false,
        description: `Only ${plural} whose ${name} ${meaning[operator]} this.${operator === 'eq' && operators.includes('in') ? ' Several values, separated by commas, mean any of them.' : ''}`,
        schema: filterSchema(resource, name, operator),
      }),
    ),
  );
  const query = (name: string, description: string, schema: object) =>
    ApiQuery({ name, required: false, description, schema });
  const page = {
    type: 'object',
    description: 'Where the page stands in the list.',
    required: ['next', 'limit'],
    properties: {
      next: {
        ...cursorSchema,
        type: ['string', 'null'],
        description: 'Cursor of the next page: `after`. Null on the last page.',
      },
      limit: {
        type: 'integer',
        format: 'int32',
        minimum: 1,
        maximum: resource.maxLimit,
        description: 'Rows a page has at most.',
        examples: [resource.defaultLimit],
      },
      total: {
        type: 'integer',
        format: 'int32',
        minimum: 0,
        maximum: 10000,
        description: 'Rows of the whole list, counted up to 10,000; only with `count=true`.',
        examples: [132],
      },
      totalIsExact: {
        type: 'boolean',
        description: 'False when there are more rows than were counted.',
        examples: [true],
      },
    },
  };
  const listErrors = [
    commonErrors.VALIDATION_FAILED,
    commonErrors.FILTER_NOT_ALLOWED,
    commonErrors.SORT_NOT_ALLOWED,
    commonErrors.FIELD_UNKNOWN,
    commonErrors.CURSOR_INVALID,
  ];
  return applyDecorators(
    operation({ ...o, errors: [...listErrors, ...(o.errors ?? [])] }),
    ApiExtraModels(view),
    ApiResponse({
      status: 200,
      description: `A page of ${plural}.`,
      headers: { ...linkHeader(resource), ...(publicMaxAge !== undefined && etagHeader) },
      schema: {
        type: 'object',
        description: `A page of ${plural}.`,
        required: ['data', 'page'],
        properties: {
          data: {
            type: 'array',
            description: 'The rows of this page.',
            maxItems: resource.maxLimit,
            items: { $ref: getSchemaPath(contractName(view)) },
          },
          page: page as never,
        },
      },
    }),
    ...(publicMaxAge === undefined ? [] : [ifNoneMatch(), notModified()]),
    ...filters,
    ...(search
      ? [query('q', 'Words to look for, each as the beginning of a word; all of them must be found.', searchSchema)]
      : []),
    ...(resource.sorts.length
      ? [
          query(
            'sort',
            `Sort keys, \`-\` before a descending one: ${['id', ...resource.sorts].join(', ')}. Unless told \`${defaultSort ?? '-id'}\`. Null counts as the largest value.`,
            sortSchema(resource),
          ),
        ]
      : []),
    fieldsQuery(resource),
    query('after', 'Cursor of the last page: `page.next`.', cursorSchema),
    query('limit', `How many, at most ${resource.maxLimit}; more is an error.`, {
      type: 'integer',
      format: 'int32',
      minimum: 1,
      maximum: resource.maxLimit,
      default: resource.defaultLimit,
    }),
    query('count', 'Also count the whole list, up to 10,000.', { type: 'boolean', default: false }),
    RouteSchema({ response: { 200: listSerializer(view) } }),
  );
}
const listSerializer = (view: Type) => ({
  type: 'object',
  properties: {
    data: { type: 'array', items: serializerSchema(view) },
    page: {
      type: 'object',
      properties: {
        next: { type: 'string', nullable: true },
        limit: { type: 'integer' },
        total: { type: 'integer' },
        totalIsExact: { type: 'boolean' },
      },
    },
  },
});

/** A read of one resource. */
export function ReadOperation(resource: Resource, o: OperationOptions & { byId?: boolean }): MethodDecorator {
  const { view } = resource.definition;
  return applyDecorators(
    operation({ ...o, errors: [...askErrors, ...(o.errors ?? [])] }),
    ...(o.byId === false ? [] : [pathId(resource)]),
    fieldsQuery(resource),
    ifNoneMatch(),
    ApiResponse({ status: 200, description: `The ${resource.name}.`, type: view as never, headers: etagHeader }),
    notModified(),
    RouteSchema({ response: { 200: serializerSchema(view) } }),
  );
}
interface DocumentOptions extends OperationOptions {
  /** What it answers with, for people. */
  answer: string;
  mediaType: string;
  schema: Record<string, unknown>;
  example: object;
  /** The part of the path that names the document; a name of nothing is NOT_FOUND. */
  parameter?: { name: string; description: string; schema: Record<string, unknown> };
}
/** A `PublicDocument`. */
export function DocumentOperation(o: DocumentOptions): MethodDecorator {
  return applyDecorators(
    operation({ ...o, errors: [commonErrors.FILTER_NOT_ALLOWED, ...(o.errors ?? [])] }),
    UseInterceptors(new RefuseQuery([])),
    ...(o.parameter ? [ApiParam(o.parameter)] : []),
    ifNoneMatch(),
    ApiResponse({
      status: 200,
      description: o.answer,
      headers: etagHeader,
      content: { [o.mediaType]: { schema: o.schema, example: o.example } },
    }),
    notModified(),
  );
}
/** A command that answers with the resource as its caller may read it now, or with 204. */
export function CommandOperation(resource: Resource, o: CommandOptions & { byId?: boolean }): MethodDecorator {
  const { view } = resource.definition;
  const status = o.status ?? 200;
  const errors = [
    ...(status === 204 ? [commonErrors.FILTER_NOT_ALLOWED] : askErrors),
    ...(o.input ? [commonErrors.VALIDATION_FAILED] : []),
    ...(o.input && o.inputRequired !== false ? [commonErrors.FIELD_FORBIDDEN] : []),
    ...(o.ifMatch ? [commonErrors.VALIDATION_FAILED, commonErrors.PRECONDITION_FAILED] : []),
    ...(status === 201 ? [commonErrors.CONFLICT] : []),
    commonErrors.FORBIDDEN,
    ...(o.errors ?? []),
  ];
  return applyDecorators(
    operation({ ...o, errors }),
    ...(o.byId === false ? [] : [pathId(resource)]),
    ...(o.ifMatch
      ? [
          ApiHeader({
            name: 'If-Match',
            required: false,
            description: 'ETag that the change is based on: 412 when it has changed since.',
            schema: ifMatchSchema,
          }),
        ]
      : []),
    ...(o.input ? [ApiBody({ type: o.input as never, required: o.inputRequired ?? true })] : []),
    SetMetadata(bodyRequired, o.input !== undefined && o.inputRequired !== false),
    HttpCode(status),
    ...(status === 204
      ? [ApiResponse({ status, description: 'It is done.' }), UseInterceptors(new RefuseQuery([]))]
      : [
          fieldsQuery(resource),
          ApiResponse({
            status,
            description: `The ${resource.name} after it.`,
            type: view as never,
            headers: { ...etagHeader, ...(status === 201 && locationHeader(resource)) },
          }),
          RouteSchema({ response: { [status]: serializerSchema(view) } }),
        ]),
  );
}
/** Unknown query parameters are errors, also where all are unknown. */
class RefuseQuery implements NestInterceptor {
  constructor(private readonly known: readonly string[]) {}
  intercept(context: ExecutionContext, next: CallHandler) {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    for (const name of Object.keys(query as object))
      if (!this.known.includes(name)) throw new AppError(commonErrors.FILTER_NOT_ALLOWED, notAllowed(name, this.known));
    return next.handle();
  }
}
interface ResultOptions extends OperationOptions {
  /** It is about one row of this, which the path names. */
  of?: Resource;
  /** The operation changes something. */
  changes?: boolean;
  /** Its query parameters. */
  query?: Type;
  input?: Type;
  inputRequired?: boolean;
}
/**
 * A read or a command about many rows at once, which answers with a view of its own: a count, a result. It has no version,
 * and so neither `ETag` nor `If-Match`, and no `fields`.
 */
export function ResultOperation(view: Type, o: ResultOptions): MethodDecorator {
  const parameters = o.query ? [...fieldsOf(o.query).values()] : [];
  return applyDecorators(
    operation({
      ...o,
      errors: [
        commonErrors.FILTER_NOT_ALLOWED,
        ...(o.input || o.query ? [commonErrors.VALIDATION_FAILED] : []),
        ...(o.changes ? [commonErrors.FORBIDDEN] : []),
        ...(o.errors ?? []),
      ],
    }),
    ...(o.of ? [pathId(o.of)] : []),
    ...(o.input ? [ApiBody({ type: o.input as never, required: o.inputRequired ?? true })] : []),
    SetMetadata(bodyRequired, o.input !== undefined && o.inputRequired !== false),
    HttpCode(200),
    ...parameters.map((field) =>
      ApiQuery({
        name: field.name,
        required: !field.optional,
        description: field.description,
        schema: { ...scalar(field), examples: [field.example] },
      }),
    ),
    UseInterceptors(new RefuseQuery(parameters.map(({ name }) => name))),
    ApiResponse({ status: 200, description: descriptionOf(view), type: view as never }),
    RouteSchema({ response: { 200: serializerSchema(view) } }),
  );
}
/** The body as an input, or VALIDATION_FAILED. One that is left out where it may be is an empty object. */
export const Body = createParamDecorator((input: Type, context: ExecutionContext) => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  // What an empty object lacks says more than that there is no body.
  const value = validate(input, body === undefined ? {} : body);
  if (body === undefined && Reflect.getMetadata(bodyRequired, context.getHandler())) throw invalid('', 'REQUIRED');
  return value;
});
/** The query parameters as an input of texts, or VALIDATION_FAILED. */
export const QueryInput = createParamDecorator((input: Type, context: ExecutionContext) =>
  validate(input, { ...(context.switchToHttp().getRequest<FastifyRequest>().query as object) }),
);
/** The `If-Match` header. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined =>
    context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'],
);
