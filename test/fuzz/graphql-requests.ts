import fc from 'fast-check';
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
  validate as validateDocument,
  getVariableValues,
  Kind,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { everythingOf, graphqlCall, rootField, selectionOf } from '#libs/testing/graphql-call.js';
import type { Schema } from '#libs/http/docs/openapi-document.js';
import type { Contract } from './document.js';
import type { Sent } from './transport.js';
import { hostileJson, hostileText, marker, mutated, valid, type Vocabulary } from './values.js';

/** What GraphQL over HTTP is asked with, before it is written down. */
export interface GraphqlRequest {
  readonly isValid: boolean;
  readonly method: 'GET' | 'POST';
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The members of the body, or what stands in the address; or bytes that are neither. */
  readonly params: Readonly<Record<string, unknown>> | Buffer;
}
export interface RootField {
  readonly kind: 'query' | 'mutation';
  readonly name: string;
}
export function rootFields(schema: GraphQLSchema): RootField[] {
  return [
    ...Object.keys(schema.getQueryType()!.getFields()).map((name): RootField => ({ kind: 'query', name })),
    ...Object.keys(schema.getMutationType()!.getFields()).map((name): RootField => ({ kind: 'mutation', name })),
  ];
}

export function sentOf({ method, params, headers }: GraphqlRequest, token: string | undefined): Sent {
  const common: [string, string][] = token === undefined ? [] : [['authorization', `Bearer ${token}`]];
  if (method === 'GET') {
    const query = Object.entries(params as Record<string, unknown>).map(([name, value]) => {
      const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      return `${name}=${encodeURIComponent(text.toWellFormed())}`;
    });
    return { method, target: `/graphql?${query.join('&')}`, headers: [...common, ...headers] };
  }
  return {
    method,
    target: '/graphql',
    headers: [...common, ['content-type', 'application/json'], ...headers],
    body: Buffer.isBuffer(params) ? params : Buffer.from(JSON.stringify(params)),
  };
}

// ---- Valid -------------------------------------------------------------------------------------------------------

interface Language {
  readonly schema: GraphQLSchema;
  readonly contract: Contract;
  readonly words: Vocabulary;
}
/** Operations that the schema allows: one root field, its arguments as variables, and some selection. */
export function validOperation({ kind, name }: RootField, language: Language): fc.Arbitrary<GraphqlRequest> {
  const { field } = rootField(language.schema, name);
  const args = fc.record(
    Object.fromEntries(
      // A cursor is one of the same list only.
      field.args.filter((arg) => arg.name !== 'after').map((arg) => [arg.name, argument(arg, name, language)]),
    ),
    { requiredKeys: field.args.filter(isRequiredArgument).map((arg) => arg.name), noNullPrototype: true },
  );
  const type = getNamedType(field.type);
  const selections = isObjectType(type)
    ? [everythingOf(type, 1), everythingOf(type, 0), selectionOf(type, [Object.keys(type.getFields())[0]])]
    : [''];
  return fc
    .tuple(
      args,
      fc.constantFrom(...selections),
      kind === 'query' ? fc.constantFrom('GET', 'POST') : fc.constant('POST'),
    )
    .map(([given, selection, method]) => ({
      isValid: true,
      method,
      headers: [],
      params: { ...graphqlCall(language.schema, name, given as Record<string, unknown>, selection) },
    }));
}
function argument(arg: GraphQLArgument, field: string, language: Language): fc.Arbitrary<unknown> {
  if (arg.name === 'ifMatch') return fc.constantFrom('*', '"1"', '"1.0"', 'W/"1", "2.x"', '"999"');
  if (arg.name === 'first') return fc.integer({ min: 1, max: 100 });
  const list = `/v1/${field}`;
  const type = getNamedType(arg.type);
  if (isInputObjectType(type) && arg.name === 'input' && !language.contract.document.components.schemas[type.name])
    return valid(queryOf(field, language), language.words);
  return inputOf(arg.type, arg.name === 'id' ? collectionOf(field, language) : arg.name, language, list);
}
/** The input of a query has no schema of its own over REST: its fields are parameters there. */
function queryOf(field: string, { contract }: Language): Schema {
  const operation = contract.operations.find(({ id }) => id === field)!;
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
}
/** `updateUser` and `user` take the id of what `users` lists. */
function collectionOf(field: string, { contract }: Language): string {
  const words = field.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  const paths = contract.operations.filter((o) => o.method === 'get' && !o.path.includes('{')).map((o) => o.path);
  return paths.find((path) => words.includes(path.replace(/^.*\//, '').replace(/(ies|s)$/, ''))) ?? 'id';
}
function inputOf(type: GraphQLInputType, name: string, language: Language, list: string): fc.Arbitrary<unknown> {
  const { contract, words } = language;
  if (isNonNullType(type)) return inputOf(type.ofType, name, language, list);
  if (isListType(type)) {
    const one = inputOf(type.ofType, name, language, list);
    // Sort keys may be there once.
    return fc.uniqueArray(one, {
      minLength: 1,
      maxLength: 3,
      selector: (value) => (value as { field?: string }).field ?? JSON.stringify(value),
    });
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  if (isInputObjectType(type)) {
    // An input has the schema of its REST twin, which says more than its type.
    const twin = contract.document.components.schemas[type.name];
    if (twin) return valid(twin, words);
    const fields = Object.values(type.getFields());
    return fc.record(
      Object.fromEntries(
        fields.map((field) => {
          const isOperator = /^(eq|ne|in|gte?|lte?|contains|has)$/.test(field.name);
          const about = isOperator ? name : field.name;
          return [field.name, inputOf(field.type, about === 'id' ? list : about, language, list)];
        }),
      ),
      { requiredKeys: fields.filter(isRequiredInputField).map((field) => field.name), noNullPrototype: true },
    );
  }
  switch (type.name) {
    case 'ID':
      return valid({ type: 'string', format: 'uuid' }, words, name);
    case 'Int':
      return valid({ type: 'integer', minimum: -2147483647, maximum: 2147483647 }, words);
    case 'SafeInt':
      return valid({ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, words);
    case 'Boolean':
      return fc.boolean();
    case 'DateTime':
      return valid({ type: 'string', format: 'date-time' }, words);
    case 'JSONObject':
      return valid({ type: 'object' }, words);
    default:
      return valid({ type: 'string', maxLength: 100, pattern: '^[^\\u0000\\ud800-\\udfff]*$' }, words, name);
  }
}

// ---- Hostile -----------------------------------------------------------------------------------------------------

type Params = Readonly<Record<string, unknown>>;
/** Operations with something wrong in them, most of the time. */
export function hostileOperation(field: RootField, language: Language): fc.Arbitrary<GraphqlRequest> {
  return validOperation(field, language).chain((request) => {
    const params = request.params as Params & { query: string; variables?: Record<string, unknown> };
    const withParams = (changed: fc.Arbitrary<Params | Buffer>, method = request.method) =>
      changed.map((made) => ({
        ...request,
        isValid: false,
        method: Buffer.isBuffer(made) ? 'POST' : method,
        params: made,
      }));
    const variables = params.variables ?? {};
    return fc.oneof(
      { weight: 8, arbitrary: withParams(mutated(variables).map((made) => ({ ...params, variables: made }))) },
      {
        weight: 2,
        arbitrary: withParams(
          hostileText.map((text) => ({
            ...params,
            variables: Object.fromEntries(Object.keys(variables).map((k) => [k, text])),
          })),
        ),
      },
      { weight: 4, arbitrary: withParams(hostileDocument(params.query).map((query) => ({ ...params, query }))) },
      {
        weight: 2,
        arbitrary: withParams(
          fc
            .tuple(fc.constantFrom('query', 'operationName', 'extensions', 'variables', '__proto__', 'x'), hostileJson)
            .map(([name, value]) => ({ ...params, ...Object.defineProperty({}, name, { value, enumerable: true }) })),
        ),
      },
      { weight: 2, arbitrary: withParams(fc.constantFrom(...rawBodies(params))) },
      { weight: 1, arbitrary: withParams(fc.constant(params), 'GET') },
      {
        weight: 2,
        arbitrary: fc
          .constantFrom(...strangeHeaders)
          .map((header) => ({ ...request, isValid: false, headers: [header] })),
      },
    );
  });
}
const strangeHeaders: readonly [string, string][] = [
  ['accept', 'application/graphql-response+json'],
  ['accept', 'text/html'],
  ['accept', 'application/problem+json'],
  ['accept', 'é\xff;q=2'],
  ['accept-language', ','.repeat(400)],
  ['x-correlation-id', '{"a":1}'],
  ['if-match', '"99"'],
  ['content-encoding', 'gzip'],
  ['content-type', 'text/plain'],
  ['content-type', 'application/graphql'],
  ['content-type', 'multipart/form-data; boundary=x'],
];
const rawBodies = (params: Params): Buffer[] =>
  [
    '',
    '[]',
    'null',
    '"{ me { id } }"',
    '{"query":',
    '{"query":"{ me { id } }","query":"{ nothing }"}',
    '{"query":"{ me { id } }","variables":{"__proto__":{"a":1}}}',
    JSON.stringify([params, params]),
    JSON.stringify(Array.from({ length: 50 }, () => params)),
    `{"query":"{ me { id } }","variables":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`,
    '['.repeat(20_000),
  ]
    .map((text) => Buffer.from(text))
    .concat(Buffer.from('7b227175657279223a22ff227d', 'hex'), Buffer.from('7b227175657279223a22eda080227d', 'hex'));

function hostileDocument(query: string): fc.Arbitrary<string> {
  const inner = query.replace(/^[^{]*\{/, '{');
  const cut = fc.nat({ max: Math.max(query.length - 1, 1) });
  const places = fc.constantFrom(
    `${query} ${query}`,
    `query A { __typename } ${query}`,
    query.replace('(', `(${marker}: "x", `),
    query.replaceAll('$', '$$'),
    query.replace(/\{/g, '{ __typename ...on Query { __typename } '),
    `${query} fragment F on Query { ...F }`,
    `query { ...F } fragment F on Query { ...G } fragment G on Query { ...F }`,
    `{ ${Array.from({ length: 200 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: __schema { types { name fields { name type { name ofType { name } } } } }`).join(' ')} }`,
    `${'{ a '.repeat(500)}${'}'.repeat(500)}`,
    `{ a(x: ${'['.repeat(3000)}${']'.repeat(3000)}) }`,
    `query (${Array.from({ length: 500 }, (_, i) => `$v${i}: Int`).join(', ')}) { __typename }`,
    query.replace('{', '@skip(if: true) {'),
    query.replace(/(\w+)(\(| \{)/, '$1 @include(if: $no)$2'),
    `subscription ${inner}`,
    `mutation ${inner}`,
    `"""${marker}""" type X { a: Int } ${query}`,
    query.replaceAll(' ', '\u00a0'),
    `\ufeff${query}`,
    `${query}\u0000`,
    `${query} # ${'x'.repeat(5000)}`,
    `{ __type(name: "${marker}") { name } }`,
    `{ "a" }`,
    `{}`,
    `query`,
    `{ ${'__typename '.repeat(1500)} }`,
  );
  return fc.oneof(
    places,
    fc.tuple(cut, hostileText).map(([at, text]) => query.slice(0, at) + text + query.slice(at)),
    fc.tuple(cut, cut).map(([from, to]) => query.slice(0, Math.min(from, to)) + query.slice(Math.max(from, to))),
    // The value in the document itself.
    hostileJson.map((value) => literalIn(query, value)),
  );
}
/** The operation with each variable replaced by a literal. */
function literalIn(query: string, value: unknown): string {
  const literal = literalOf(value, 0);
  return query.replace(/^(\w+) \([^)]*\)/, '$1').replaceAll(/\$\w+/g, () => literal);
}
function literalOf(value: unknown, depth: number): string {
  if (depth > 20) return 'null';
  if (Array.isArray(value))
    return `[${value
      .slice(0, 50)
      .map((v) => literalOf(v, depth + 1))
      .join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([key]) => /^[_A-Za-z]\w*$/.test(key))
    .map(([key, inner]) => `${key}: ${literalOf(inner, depth + 1)}`);
  return `{ ${members.join(', ')} }`;
}

// ---- What the schema says of an operation ------------------------------------------------------------------------

/** Why the schema, or that of a REST twin, does not allow the operation; empty when it does or when that is not clear. */
export function problemsOfOperation(request: GraphqlRequest, { schema, contract }: Language): string[] {
  let params = request.params;
  if (Buffer.isBuffer(params))
    try {
      params = JSON.parse(params.toString()) as Params;
    } catch {
      return ['the body is not JSON'];
    }
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return ['not an object'];
  const { query, variables } = params as { query?: unknown; variables?: unknown };
  if (typeof query !== 'string') return ['no document'];
  let document;
  try {
    document = parse(query, { maxTokens: 100_000 });
  } catch {
    return ['the document does not parse'];
  }
  const errors = validateDocument(schema, document);
  if (errors.length > 0) return errors.map((error) => error.message);
  const operations = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
  if (operations.length !== 1) return [];
  const [operation] = operations;
  if (operation.operation === 'mutation' && request.method === 'GET') return ['a mutation by GET'];
  const given = (variables ?? {}) as Record<string, unknown>;
  if (typeof given !== 'object' || Array.isArray(given)) return ['variables are no object'];
  const definitions = operation.variableDefinitions ?? [];
  const { errors: wrong } = getVariableValues(schema, definitions, given);
  if (wrong) return wrong.map((error) => error.message);
  return definitions.flatMap((definition) => {
    const named = definition.type.kind === Kind.NON_NULL_TYPE ? definition.type.type : definition.type;
    const twin = named.kind === Kind.NAMED_TYPE ? contract.document.components.schemas[named.name.value] : undefined;
    const value = given[definition.variable.name.value];
    const isInput =
      named.kind === Kind.NAMED_TYPE && isInputObjectType(getNullableType(schema.getType(named.name.value)!));
    return twin && isInput && value !== undefined && value !== null ? contract.problemsOfInput(twin, value) : [];
  });
}
