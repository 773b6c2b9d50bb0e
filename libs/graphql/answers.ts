import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  GraphQLError,
  isIntrospectionType,
  isObjectType,
  type ExecutionResult,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { MercuriusContext } from 'mercurius';
import { currentContext } from '#libs/context/request-context.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { headersOf, publicDetails, publicText } from '#libs/errors/error-body.js';
import { toAppError } from '#libs/errors/foreign-errors.js';
import { localized } from '#libs/http/edge/vary.js';
import { defaultLocale } from '#libs/messages/messages.js';
import { contractName } from '#libs/contract/fields.js';
import { Document, Listing } from '#libs/database/answers.js';
import { hidden, type Item } from '#libs/database/item.js';
import { allResources } from '#libs/database/resource.js';
import { askOf } from './ask.js';
import { childPagesOf } from './child-pages.js';
import { toConnection } from './connection.js';
import { graphqlErrors } from './graphql.errors.js';
import { setMediaType, statusOf } from './media-type.js';
import type { LoaderContext, PagesLoader } from './pages-loader.js';
import { variablesError } from './variables.js';

/** The context value of a GraphQL operation. */
export interface OperationContext extends LoaderContext {
  /** Paths of fields that are null because rights hide them. */
  hiddenPaths?: (string | number)[][];
}
const logger = new Logger('GraphQL');
const suggestion = / Did you mean .*\?$/;

/** An error of the document itself: it does not parse, or does not fit the schema. */
const documentError = (error: GraphQLError) =>
  new AppError(commonErrors.GRAPHQL_INVALID, { params: { reason: error.message.replace(suggestion, '') } });

/** Errors of a request that is well-formed as HTTP. */
const ofDocuments = new Set([
  commonErrors.GRAPHQL_INVALID,
  commonErrors.QUERY_TOO_COMPLEX,
  graphqlErrors.PERSISTED_QUERY_NOT_FOUND,
  graphqlErrors.PERSISTED_QUERY_NOT_SUPPORTED,
  graphqlErrors.QUERY_NOT_LISTED,
]);

/** The variables as they came. */
function variablesOf({ reply }: MercuriusContext): Record<string, unknown> | undefined {
  const { body, query } = (reply?.request ?? {}) as { body?: { variables?: object }; query?: { variables?: string } };
  try {
    return (body?.variables ?? JSON.parse(query?.variables ?? '{}')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
/** `errors[]` with the same code, text, details and correlation id as a REST answer. */
export function formatErrors(
  execution: ExecutionResult & Required<Pick<ExecutionResult, 'errors'>>,
  operation: MercuriusContext,
): { statusCode: number; response: ExecutionResult } {
  const context = currentContext();
  const locale = context?.locale ?? defaultLocale;
  const { reply } = operation as { reply?: FastifyReply };
  const executed = 'data' in execution;
  if (reply) localized(reply, locale);
  let status = 200;
  const nested = execution.errors.flatMap((error) => {
    const inner =
      (error.originalError as { errors?: GraphQLError[] } | undefined)?.errors ??
      (error as { errors?: GraphQLError[] }).errors;
    return Array.isArray(inner) ? inner : [error];
  });
  const ofVariables = variablesError(nested, variablesOf(operation));
  const errors = (ofVariables ? nested.slice(0, 1) : nested).map((error) => {
    const cause = error instanceof GraphQLError ? error.originalError : (error as Error);
    const isDocument = (error instanceof GraphQLError && !cause) || cause instanceof GraphQLError;
    const appError = ofVariables ?? (isDocument ? documentError(error) : toAppError(cause));
    if (appError.status >= 500)
      logger.error({ err: appError.cause ?? appError, code: appError.code, operation: context?.operation });
    if (!executed) {
      const wellFormed = appError === ofVariables || ofDocuments.has(appError.row);
      status = Math.max(status, statusOf(reply?.request, appError.status, wellFormed));
      reply?.headers(headersOf(appError));
    }
    return {
      message: publicText(appError.code, locale, appError.params),
      locations: error.locations?.map(({ line, column }) => ({ line, column })),
      // Compiled queries write list positions as text.
      path: error.path?.map((p) => (typeof p === 'string' && /^\d+$/.test(p) ? Number(p) : p)),
      extensions: {
        code: appError.code,
        details: publicDetails(appError, locale),
        correlationId: context?.correlationId,
        ...(appError.retryAfterSeconds !== undefined && { retryAfter: appError.retryAfterSeconds }),
      },
    };
  });
  // Errors can come up before the route's own hooks have run.
  if (reply) setMediaType(reply.request, reply);
  return {
    statusCode: status,
    response: { ...(executed && { data: execution.data ?? null }), errors: errors as never },
  };
}

/**
 * Gives declared pages of children their resolver, restrictable fields one that notes the path of each hidden value, and versioned types their
 * `etag`. Everything else is read by compiled queries and needs no resolver.
 */
export function installFieldResolvers(schema: GraphQLSchema, pages: PagesLoader): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    // Introspection's types are the same objects in every schema of the process.
    if (isObjectType(type) && !isIntrospectionType(type))
      for (const field of Object.values(type.getFields())) {
        const declared = childPagesOf(field);
        // Nest gives every field a function of the parent alone that only reads it; compiled queries do that themselves.
        if (declared) field.resolve = pages.resolver(declared) as typeof field.resolve;
        else if (field.resolve?.length === 1) delete field.resolve;
        else if (field.resolve) unwrap(field);
      }
  for (const resource of allResources()) {
    const type = schema.getType(contractName(resource.definition.view));
    if (!isObjectType(type)) continue;
    const fields = type.getFields();
    if (fields.etag) fields.etag.resolve = (row: Item) => `"${row.version as number}.0"`;
    for (const { name } of resource.restrictable()) {
      const field = fields[name];
      if (!field) continue;
      field.resolve = (row: Item, _args, context: OperationContext, info) => {
        if ((row as { [hidden]?: string[] })[hidden]?.includes(name))
          (context.hiddenPaths ??= []).push(pathOf(info.path));
        return row[name];
      };
    }
  }
  return schema;
}
/** Resolvers return what services return; documents and listings become what the schema's types hold. */
function unwrap(field: GraphQLField<unknown, unknown>): void {
  const resolve = field.resolve!;
  field.resolve = async (root, args, context, info) => {
    const answer: unknown = await resolve(root, args, context, info);
    if (answer instanceof Document) return answer.item;
    return answer instanceof Listing ? toConnection(answer, askOf(info, answer.read.resource)) : answer;
  };
}
interface Path {
  readonly prev?: Path;
  readonly key: string | number;
}
function pathOf(path: Path | readonly (string | number)[] | undefined): (string | number)[] {
  if (Array.isArray(path)) return path as (string | number)[];
  const keys: (string | number)[] = [];
  for (let p = path as Path | undefined; p; p = p.prev) keys.unshift(p.key);
  return keys;
}
