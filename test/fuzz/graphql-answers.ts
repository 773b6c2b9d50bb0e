import {
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { allErrors } from '#libs/errors/catalogue.js';
import { allDetailCodes } from '#libs/errors/detail-codes.js';
import type { Contract } from './document.js';
import type { GraphQLSchema } from 'graphql';
import type { GraphqlRequest } from './graphql-requests.js';
import { inside, isBeyondSchemas, type Caller } from './rest-answers.js';
import type { Received } from './transport.js';

const malformed = new Set(['MALFORMED_REQUEST', 'VALIDATION_FAILED', 'GRAPHQL_INVALID', 'UNSUPPORTED_MEDIA_TYPE']);
const malformedToAll = new Set(['FILTER_NOT_ALLOWED', 'SORT_NOT_ALLOWED', 'FIELD_UNKNOWN', 'CURSOR_INVALID']);

interface GraphqlError {
  readonly message?: unknown;
  readonly locations?: unknown;
  readonly path?: unknown;
  readonly extensions?: {
    readonly code?: string;
    readonly correlationId?: string;
    readonly details?: readonly { field: string; code: string }[];
  };
}

/** What is wrong with the answer to an operation. */
export function problemsOfGraphqlAnswer(
  field: string,
  schema: GraphQLSchema,
  contract: Contract,
  request: GraphqlRequest,
  answer: Received,
  caller: Caller,
  problemsOfRequest: () => string[],
): string[] {
  if (answer.status >= 500) return [`a ${answer.status}`];
  const problems: string[] = [];
  if (inside.test(answer.text)) problems.push('the answer tells of the inside');
  let body: { data?: unknown; errors?: unknown; error?: unknown; code?: unknown; extensions?: unknown };
  try {
    body = JSON.parse(answer.text) as typeof body;
  } catch {
    return [`the body is not JSON: ${answer.text.slice(0, 100)}`];
  }
  // What never got as far as GraphQL is answered as over REST.
  const type = answer.headers['content-type']?.split(';')[0];
  if (body.error !== undefined || type === 'application/problem+json') {
    const name = type === 'application/problem+json' ? 'Problem' : 'Error';
    problems.push(...contract.problemsOfAnswer({ $ref: `#/components/schemas/${name}` }, body));
    const code = ((body.error as { code?: string } | undefined) ?? (body as { code?: string })).code!;
    problems.push(...codeProblems(code, answer.status));
    if (request.isValid) problems.push(`refused, although the schema allows it: ${code}`);
    return problems;
  }
  if (!['application/json', 'application/graphql-response+json'].includes(type)) problems.push(`content type ${type}`);
  const { errors, data } = body;
  const unknown = Object.keys(body).filter((key) => !['data', 'errors', 'extensions'].includes(key));
  if (unknown.length > 0) problems.push(`unknown members ${unknown.join()}`);
  if (errors !== undefined && (!Array.isArray(errors) || errors.length === 0)) problems.push('errors are no list');
  for (const error of (errors ?? []) as GraphqlError[])
    problems.push(...errorProblems(field, error, request, answer, caller));
  if (errors === undefined && (data === undefined || data === null)) problems.push('neither data nor errors');
  if (errors === undefined && answer.status !== 200) problems.push(`status ${answer.status} without an error`);
  if (request.isValid && data && typeof data === 'object')
    problems.push(...dataProblems(schema, (request.params as { query: string }).query, data, errors !== undefined));
  if (errors === undefined && !request.isValid) {
    const wrong = problemsOfRequest();
    if (wrong.length > 0) problems.push(`accepted, although ${wrong.join('; ')}`);
  }
  return problems;
}
function codeProblems(code: string | undefined, status: number | undefined): string[] {
  const row = allErrors().find((known) => known.code === code);
  if (!row) return [`${code} is not in the catalogue`];
  if (row.status >= 500) return [`${code}`];
  return status !== undefined && row.status !== status ? [`${code} with status ${status}`] : [];
}
function errorProblems(
  field: string,
  error: GraphqlError,
  request: GraphqlRequest,
  answer: Received,
  caller: Caller,
): string[] {
  const { message, locations, path, extensions } = error;
  const problems = codeProblems(extensions?.code, answer.status === 200 ? undefined : answer.status);
  if (typeof message !== 'string' || message === '') problems.push('an error without a message');
  if (locations !== undefined && !isLocations(locations)) problems.push(`locations ${JSON.stringify(locations)}`);
  if (path !== undefined && !isPath(path)) problems.push(`path ${JSON.stringify(path)}`);
  if (extensions?.correlationId !== answer.headers['x-correlation-id']) problems.push('two correlation ids');
  const details = extensions?.details;
  if (!Array.isArray(details)) problems.push('an error without details');
  for (const detail of details ?? [])
    if (!allDetailCodes().some(({ code }) => code === detail.code)) problems.push(`detail ${detail.code} is unknown`);
  const code = extensions?.code ?? '';
  const refused = malformed.has(code) || (caller.mayEverything && malformedToAll.has(code));
  const isExplained = !!details?.length && details.every((detail) => isBeyondSchemas(field, detail));
  if (request.isValid && refused && !isExplained)
    problems.push(`refused, although the schema allows it: ${JSON.stringify(error)}`);
  return problems;
}
const isLocations = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    ({ line, column }: { line: unknown; column: unknown }) => Number.isInteger(line) && Number.isInteger(column),
  );
const isPath = (value: unknown): boolean =>
  Array.isArray(value) && value.every((key) => typeof key === 'string' || Number.isInteger(key));

/** Where data does not have the types that the schema promises. */
function dataProblems(schema: GraphQLSchema, query: string, data: object, hasErrors: boolean): string[] {
  const problems: string[] = [];
  const [operation] = parse(query).definitions;
  if (operation.kind !== Kind.OPERATION_DEFINITION) return [];
  const at = (type: GraphQLOutputType, value: unknown, path: string, set: SelectionSetNode | undefined): void => {
    if (value === null || value === undefined) {
      if (value === undefined || isNonNullType(type)) problems.push(`${path} is ${value}`);
      return;
    }
    const of = getNullableType(type) as GraphQLOutputType;
    if (isListType(of)) {
      if (Array.isArray(value)) value.forEach((one, i) => at(of.ofType as GraphQLOutputType, one, `${path}.${i}`, set));
      else problems.push(`${path} is no list`);
      return;
    }
    if (isEnumType(of) && !of.getValues().some(({ name }) => name === value))
      problems.push(`${path} is ${JSON.stringify(value)}`);
    if (isLeafType(of)) {
      const expected: Record<string, string> = {
        Int: 'number',
        SafeInt: 'number',
        Boolean: 'boolean',
        JSONObject: 'object',
      };
      if (typeof value !== (expected[of.name] ?? 'string')) problems.push(`${path} is a ${typeof value}`);
      return;
    }
    const fields = isObjectType(of) ? of.getFields() : {};
    const asked = (set?.selections ?? []).flatMap((s) => (s.kind === Kind.FIELD ? [s] : []));
    for (const node of asked) {
      const name = node.name.value;
      if (name === '__typename') continue;
      at(
        fields[name].type,
        (value as Record<string, unknown>)[node.alias?.value ?? name],
        `${path}.${name}`,
        node.selectionSet,
      );
    }
    const extra = Object.keys(value).filter((key) => !asked.some((node) => (node.alias ?? node.name).value === key));
    if (extra.length > 0) problems.push(`${path} has ${extra.join()}, which nobody asked for`);
  };
  const root = operation.operation === 'mutation' ? schema.getMutationType()! : schema.getQueryType()!;
  // A root field that failed is null, and the schema lets it be.
  if (!hasErrors || Object.values(data).some((value) => value !== null)) at(root, data, 'data', operation.selectionSet);
  return problems;
}
