import fc from 'fast-check';
import type { Parameter, Schema } from '#libs/http/docs/openapi-document.js';
import type { Contract, Described } from './document.js';
import type { Sent } from './transport.js';
import { hostileJson, hostileText, marker, mutated, valid, type Vocabulary } from './values.js';

/** A request for one operation, before it is written down; every part stands for itself, so that it can shrink. */
export interface RestRequest {
  /** Made by what the document says alone: the service has no reason to call it malformed. */
  readonly isValid: boolean;
  /** Path parameters as they stand in the path. */
  readonly path: readonly (readonly [name: string, text: string])[];
  /** Query parameters as they stand in the address; a name may be there twice. */
  readonly query: readonly (readonly [name: string, text: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: { readonly type: string | undefined; readonly bytes: Buffer };
}

export function sentOf(operation: Described, request: RestRequest, token: string | undefined): Sent {
  const path = request.path.reduce((at, [name, text]) => at.replace(`{${name}}`, () => text), operation.path);
  const query = request.query.map(([name, text]) => `${name}=${text}`).join('&');
  return {
    method: operation.method.toUpperCase(),
    target: query === '' ? path : `${path}?${query}`,
    headers: [
      ...(token === undefined ? [] : ([['authorization', `Bearer ${token}`]] as const)),
      ...(request.body?.type === undefined ? [] : ([['content-type', request.body.type]] as const)),
      ...request.headers,
    ],
    ...(request.body && { body: request.body.bytes }),
  };
}

type Pairs = readonly (readonly [string, string])[];
type Body = RestRequest['body'];
const nothing = fc.constant<Pairs>([]);
const encoded = (value: unknown) => encodeURIComponent(String(value).toWellFormed());
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Requests that the document allows. */
export function validRequest(operation: Described, words: Vocabulary): fc.Arbitrary<RestRequest> {
  return fc.record({
    isValid: fc.constant(true),
    path: tupleOf(operation, 'path', (parameter) => pathText(operation, parameter, words).map(encoded)),
    query: queryOf(operation, words),
    headers: headersOf(operation, words),
    body: bodyOf(operation, words),
  });
}
/** Requests with something wrong in them, most of the time. */
export function hostileRequest(operation: Described, words: Vocabulary): fc.Arbitrary<RestRequest> {
  const at = validRequest(operation, words);
  const ways: [weight: number, way: (request: RestRequest) => fc.Arbitrary<RestRequest>][] = [
    [3, (r) => hostileQuery(operation, r.query).map((query) => ({ ...r, query }))],
    [2, (r) => hostileHeaders.map((headers) => ({ ...r, headers: [...r.headers, ...headers] }))],
  ];
  if (operation.path.includes('{')) ways.push([3, (r) => hostilePath(r.path).map((path) => ({ ...r, path }))]);
  if (operation.method !== 'get')
    ways.push([operation.body ? 10 : 1, (r) => hostileBody(r.body).map((body) => ({ ...r, body }))]);
  return at.chain((request) =>
    fc
      .oneof(...ways.map(([weight, way]) => ({ weight, arbitrary: way(request) })))
      .map((made) => ({ ...made, isValid: false })),
  );
}

// ---- Valid parts -------------------------------------------------------------------------------------------------

function tupleOf(
  operation: Described,
  where: Parameter['in'],
  of: (parameter: Parameter) => fc.Arbitrary<string>,
): fc.Arbitrary<Pairs> {
  const some = operation.parameters.filter((parameter) => parameter.in === where);
  return fc.tuple(...some.map((parameter) => of(parameter).map((text) => [parameter.name, text] as const)));
}
/** `/v1/users/{id}` holds the id of a user. */
function pathText(operation: Described, { name, schema }: Parameter, words: Vocabulary): fc.Arbitrary<unknown> {
  const collection = operation.path.slice(0, operation.path.indexOf(`/{${name}}`));
  // Names that exist are told by example where they are no ids.
  if (schema.format !== 'uuid' && Array.isArray(schema.examples))
    return fc.constantFrom(...(schema.examples as unknown[]));
  return valid(schema, words, name === 'id' ? collection : name);
}
function queryOf(operation: Described, words: Vocabulary): fc.Arbitrary<Pairs> {
  const names = operation.parameters.filter(
    // Only a cursor of the same list is one, which another property looks after.
    (parameter) => parameter.in === 'query' && parameter.name !== 'after',
  );
  if (names.length === 0) return nothing;
  const required = names.filter((parameter) => parameter.required);
  const others = names.filter((parameter) => !parameter.required);
  return fc
    .subarray(others, { maxLength: Math.min(others.length, 4) })
    .chain((chosen) =>
      fc.tuple(
        ...[...required, ...chosen].map((parameter) =>
          queryText(operation, parameter, words).map((text) => [parameter.name, encoded(text)] as const),
        ),
      ),
    );
}
function queryText(operation: Described, parameter: Parameter, words: Vocabulary): fc.Arbitrary<unknown> {
  const { name, schema } = parameter;
  if (name === 'fields') return fieldsOf(operation, words);
  const collection = operation.path;
  const made = valid(schema, words, /^id\b/.test(name) ? collection : name);
  // A key twice is a mistake that the pattern of a list cannot describe.
  return name === 'sort'
    ? made.filter((text) => {
        const keys = String(text).replaceAll('-', '').split(',');
        return new Set(keys).size === keys.length;
      })
    : made;
}
/** Names of the answer's own fields: a pattern cannot say which there are. */
function fieldsOf(operation: Described, words: Vocabulary): fc.Arbitrary<string> {
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))![1];
  let schema = resolved(Object.values(success.content)[0], words);
  const rows = (schema.properties as Record<string, Schema>).data?.items as Schema | undefined;
  if (rows) schema = resolved(rows, words);
  const names = Object.keys(schema.properties as object);
  return fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }).map(String);
}
const resolved = (schema: Schema, words: Vocabulary) =>
  schema.$ref === undefined ? schema : words.schemaOf(schema.$ref as string);

function headersOf(operation: Described, words: Vocabulary): fc.Arbitrary<Pairs> {
  const named = operation.parameters.filter((parameter) => parameter.in === 'header');
  const languages = ['de', 'en-GB, en;q=0.8', 'ar', 'ja, *;q=0.1', 'tlh'];
  return fc.subarray(named, { maxLength: Math.min(named.length, 2) }).chain((chosen) =>
    fc.tuple(
      ...chosen.map(({ name, schema }) =>
        (name === 'Accept-Language' ? fc.constantFrom(...languages) : valid(schema, words, name)).map(
          // White space around a value belongs to no value (RFC 9110 §5.5).
          (text) =>
            [
              name,
              String(text)
                .replaceAll(/[^ -~]/g, '')
                .trim(),
            ] as const,
        ),
      ),
    ),
  );
}
function bodyOf({ body }: Described, words: Vocabulary): fc.Arbitrary<Body> {
  if (!body) return fc.constant(undefined);
  const whole = fc
    .constantFrom(...Object.entries(body.schemas))
    .chain(([type, schema]) => valid(schema, words).map((value) => ({ type, bytes: json(value) })));
  return body.required ? whole : fc.option(whole, { nil: undefined });
}

// ---- Hostile parts -----------------------------------------------------------------------------------------------

const rawTexts = fc.constantFrom(
  '%00',
  '%ff',
  '%c0%80',
  '%ed%a0%80',
  '%',
  '%zz',
  '%0d%0aX-Injected:1',
  '+',
  '%2B',
  ';x=1',
);
const hostilePart = fc.oneof(hostileText.map(encoded), rawTexts);

const strangeSegments = fc.constantFrom(
  '%2e%2e',
  '..',
  '.',
  '%2f',
  '*',
  '0',
  'null',
  `${marker}%00`,
  'a'.repeat(199),
  'a'.repeat(300),
);
const hostilePath = (path: Pairs): fc.Arbitrary<Pairs> =>
  fc
    .tuple(fc.nat({ max: Math.max(path.length - 1, 0) }), fc.oneof(hostilePart, strangeSegments))
    .map(([i, text]) => path.map(([name, old], j) => [name, i === j ? text : old] as const));

const strangeNames = [
  '',
  '__proto__',
  'constructor',
  '__proto__[admin]',
  'constructor[prototype][x]',
  'toString',
  'id[$gt]',
  'id[in][]',
  'id[]',
  'a[b][c]',
  'a[b',
  'filter[id]',
  '%00',
  '%ff',
  'fields[]',
  'limit[gt]',
  'x'.repeat(300),
  'FIELDS',
  '$where',
];
function hostileQuery(operation: Described, query: Pairs): fc.Arbitrary<Pairs> {
  const declared = operation.parameters.flatMap(({ in: where, name }) => (where === 'query' ? [name] : []));
  const name = declared.length > 0 ? fc.constantFrom(...declared) : fc.constantFrom('id', 'fields', 'limit');
  const ways = [
    fc.tuple(name, hostilePart).map((pair) => [...query, pair]),
    fc.tuple(fc.constantFrom(...strangeNames), hostilePart).map((pair) => [...query, pair]),
    fc.tuple(name, hostilePart, hostilePart).map(([of, one, other]) => [[of, one] as const, [of, other] as const]),
    name.chain((of) =>
      fc
        .constantFrom(
          `${of}[]`,
          `${of}[0]`,
          `${of}[eq][eq]`,
          `${of}[like]`,
          `${of}[__proto__]`,
          `${of}.x`,
          `${of}%5Bin%5D`,
        )
        .map((changed) => [[changed, marker] as const]),
    ),
    fc.constant(Array.from({ length: 1000 }, (_, i) => [`p${i}`, ''] as const)),
    fc.constantFrom('&&&', '=', '&=&', '?', 'limit', '%', '%00', '%ff', '[]').map((text) => [[text, ''] as const]),
  ];
  return fc.oneof(...(ways as fc.Arbitrary<Pairs>[]));
}

const headerText = fc.constantFrom(
  '',
  '*',
  '""',
  '"',
  '"1',
  'W/',
  '"1", "2"',
  '"99999999999999999999"',
  '"-1"',
  `"${marker}"`,
  'W/"1.x", *',
  'a'.repeat(3000),
  'é\x80\xff',
  '{"a":1}',
  '() { :;}; echo',
  '%00%0d%0a',
  'application/problem+json;q=x',
  'text/html',
  '*/*;q=0',
  'application/problem+json, application/json',
  ','.repeat(500),
);
const strangeHeaders = [
  'if-match',
  'if-none-match',
  'accept',
  'accept-language',
  'accept-encoding',
  'x-correlation-id',
  'traceparent',
  'idempotency-key',
  'x-client-platform',
  'range',
  'if-modified-since',
  'x-http-method-override',
  'x-forwarded-for',
  'origin',
  'cookie',
  'content-encoding',
];
const hostileHeaders: fc.Arbitrary<Pairs> = fc.array(fc.tuple(fc.constantFrom(...strangeHeaders), headerText), {
  minLength: 1,
  maxLength: 3,
});

const rawBodies = [
  '',
  ' ',
  '{',
  '{"a":',
  '{"a":1,}',
  "{'a':1}",
  '[1,2',
  'null',
  '1e400',
  '01',
  'NaN',
  '"\\ud800"',
  `{"reason":"${marker}","reason":null}`,
  '{"id":1,"id":"2","__proto__":{}}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '['.repeat(10_000),
  '{"a":'.repeat(5000),
  `"${'x'.repeat(140_000)}"`,
  '\ufeff{}',
  'a=1&b=2',
  '<?xml version="1.0"?><a/>',
].map((text) => Buffer.from(text));
const brokenUtf8 = ['ff', 'c080', 'eda080', 'f8888080', '7b2261223a22ff227d', '7b2261223a22c3227d'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const strangeTypes = [
  undefined,
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=latin1',
  'application/jsonx',
  'application/JSON; charset="UTF-8"',
  'application/merge-patch+json',
  'json',
  ';',
  '',
];
const jsonType = 'application/json';
function hostileBody(body: Body): fc.Arbitrary<Body> {
  const value = body ? (JSON.parse(body.bytes.toString()) as unknown) : {};
  const bytes = fc.constantFrom(...rawBodies, ...brokenUtf8);
  return fc.oneof(
    { weight: 8, arbitrary: mutated(value).map((made) => ({ type: jsonType, bytes: json(made ?? null) })) },
    { weight: 1, arbitrary: hostileJson.map((made) => ({ type: jsonType, bytes: json(made) })) },
    { weight: 2, arbitrary: bytes.map((made) => ({ type: jsonType, bytes: made })) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...strangeTypes), bytes).map(([type, made]) => ({ type, bytes: made })),
    },
    { weight: 1, arbitrary: fc.constantFrom(...strangeTypes).map((type) => ({ type, bytes: json(value) })) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

// ---- What the document says of a request -------------------------------------------------------------------------

/** Why the document does not allow a request; empty when it does. Nothing of how it was made goes into this. */
export function problemsOfRequest(contract: Contract, operation: Described, request: RestRequest): string[] {
  const named = (where: Parameter['in'], name: string) =>
    operation.parameters.find((p) => p.in === where && (where === 'header' ? same(p.name, name) : p.name === name));
  const problems: string[] = [];
  for (const [name, text] of request.path) {
    const value = decoded(text, false);
    problems.push(
      ...(value === undefined
        ? [`path ${name}: broken percent-encoding`]
        : contract.problemsOfInput(named('path', name)!.schema, value).map((p) => `path ${name}: ${p}`)),
    );
  }
  // Where nothing can be asked, nothing is looked at.
  const takesQuery = operation.parameters.some((parameter) => parameter.in === 'query');
  const seen = new Set<string>();
  for (const [rawName, text] of parsedQuery(request.query)) {
    const [name, value] = [decoded(rawName, true), decoded(text, true)];
    if (name === undefined || value === undefined) problems.push(`query ${rawName}: broken percent-encoding`);
    else if (takesQuery && seen.has(name)) problems.push(`query ${name}: there twice`);
    else {
      seen.add(name);
      const parameter = named('query', name);
      problems.push(
        ...(!takesQuery
          ? []
          : parameter
            ? contract
                .problemsOfInput(parameter.schema, typed(parameter.schema, value))
                .map((p) => `query ${name}: ${p}`)
            : [`query ${name}: not declared`]),
      );
    }
  }
  for (const { in: where, name, required } of operation.parameters)
    if (where === 'query' && required && !seen.has(name)) problems.push(`query ${name}: missing`);
  // Other header fields that make no sense are as good as absent; a precondition must never be.
  const ifMatch = request.headers.filter(([name]) => same(name, 'if-match')).map(([, value]) => value);
  const parameter = ifMatch.length > 0 ? named('header', 'if-match') : undefined;
  if (parameter)
    problems.push(
      ...contract.problemsOfInput(parameter.schema, ifMatch.join(', ').trim()).map((p) => `If-Match: ${p}`),
    );
  return [...problems, ...problemsOfBody(contract, operation, request)];
}
function problemsOfBody(contract: Contract, { body }: Described, request: RestRequest): string[] {
  if (!body) return [];
  if (!request.body || request.body.bytes.length === 0) return body.required ? ['body: missing'] : [];
  const type = request.body.type?.split(';')[0].trim().toLowerCase() ?? '';
  const schema = body.schemas[type];
  if (!schema) return [`body: content type ${JSON.stringify(request.body.type)}`];
  try {
    // A byte order mark may be ignored (RFC 8259 §8.1), as the decoder does.
    const text = new TextDecoder('utf8', { fatal: true }).decode(request.body.bytes);
    return contract.problemsOfInput(schema, JSON.parse(text)).map((p) => `body: ${p}`);
  } catch (error) {
    return [`body: ${(error as Error).message}`];
  }
}
const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
/** As a server sees it: texts may hold what separates parameters. */
const parsedQuery = (query: Pairs): [string, string][] =>
  query
    .map(([name, text]) => `${name}=${text}`)
    .join('&')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    });
function decoded(text: string, isForm: boolean): string | undefined {
  try {
    return decodeURIComponent(isForm ? text.replaceAll('+', ' ') : text);
  } catch {
    return undefined;
  }
}
function typed({ type }: Schema, text: string): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
