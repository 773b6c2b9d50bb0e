import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Logging } from '#libs/telemetry/logging.js';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';
import { startWorldOf } from '#test/harness/world.js';
import { exchange, open, parseResponse, readAll } from './raw-http.js';

let text = '';
const logging = new Logging({ level: 'info', stream: { write: (line: string) => void (text += line) } });
const lines = () =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
/** The line of a request; it is written when the answer has gone out, so possibly after the client has it. */
const lineOf = async (correlationId: string) => {
  const find = () => lines().filter((line) => line.msg === 'request' && line.correlationId === correlationId);
  await expect.poll(() => find().length).toBe(1);
  return find()[0];
};

const bodyLimit = 4096;
let world: OrdersWorld;
let port: number;
beforeAll(async () => {
  world = await startWorldOf(ordersTests, {
    adapter: {
      bodyLimit,
      maxJsonDepth: 8,
      requestTimeout: 400,
      headersTimeout: 300,
      connectionsCheckingInterval: 50,
      maxHeaderSize: 8192,
    },
    override: (builder) => builder.overrideProvider(Logging).useValue(logging),
  });
  port = Number(new URL(world.app.url).port);
});
afterAll(() => world.app.stop());

const problem = { accept: 'application/problem+json' };
type Ask = (headers: Record<string, string>) => Promise<{ status: number; headers: Headers; body: any }>;
const json = { 'content-type': 'application/json' };
const sent = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
  const response = await fetch(world.app.url + path, { method, headers, body });
  return { status: response.status, headers: response.headers, body: await response.json() };
};
const asSubject = async (sub: string, headers: Record<string, string>) =>
  sent('GET', '/v1/orders', { authorization: `Bearer ${await world.app.issuer.token(sub)}`, ...headers });
const errors: [string, number, string, Ask][] = [
  ['an unknown address', 404, 'NOT_FOUND', (h) => world.clients.ada.get('/v1/nothing', h)],
  ['an unknown version', 404, 'NOT_FOUND', (h) => world.clients.ada.get('/v9/orders', h)],
  ['another method', 405, 'METHOD_NOT_ALLOWED', (h) => world.clients.ada.delete('/v1/orders', h)],
  [
    'a body that is too large',
    413,
    'PAYLOAD_TOO_LARGE',
    (h) => world.clients.ada.post('/v1/orders', { note: 'x'.repeat(bodyLimit) }, h),
  ],
  [
    'a body that is not JSON',
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    (h) => sent('POST', '/v1/orders', { 'content-type': 'text/plain', ...h }, 'x'),
  ],
  ['a body that is broken', 400, 'MALFORMED_REQUEST', (h) => sent('POST', '/v1/orders', { ...json, ...h }, '{')],
  [
    'a body that is too deep',
    400,
    'MALFORMED_REQUEST',
    (h) => sent('POST', '/v1/orders', { ...json, ...h }, '['.repeat(9) + ']'.repeat(9)),
  ],
  ['an address that is none', 400, 'MALFORMED_REQUEST', (h) => world.clients.ada.get('/v1/orders/%zz', h)],
  ['nobody', 401, 'UNAUTHENTICATED', (h) => world.clients.anonymous.get('/v1/orders', h)],
  ['a token that is none', 401, 'TOKEN_INVALID', (h) => sent('GET', '/v1/orders', { authorization: 'Bearer x', ...h })],
  ['a token of nobody', 401, 'TOKEN_INVALID', (h) => asSubject('00000000-0000-4000-8000-000000000000', h)],
  ['a token whose subject is no id', 401, 'TOKEN_INVALID', (h) => asSubject("' or true", h)],
  ['a suspended account', 403, 'ACCOUNT_SUSPENDED', (h) => world.clients.suspended.get('/v1/orders', h)],
  [
    'somebody who may not',
    403,
    'FORBIDDEN',
    (h) => world.clients.ada.post(`/v1/orders/${world.orderIds.PLACED}/confirm`, {}, h),
  ],
  ['what is not there', 404, 'ORDER_NOT_FOUND', (h) => world.clients.ada.get('/v1/orders/x', h)],
  [
    'what is another’s',
    404,
    'ORDER_NOT_FOUND',
    (h) => world.clients.grace.get(`/v1/orders/${world.orderIds.PLACED}`, h),
  ],
  [
    'what is not possible any more',
    409,
    'ORDER_MOVE_NOT_POSSIBLE',
    (h) => world.clients.ada.post(`/v1/orders/${world.orderIds.PLACED}/place`, {}, h),
  ],
  [
    'an older version',
    412,
    'PRECONDITION_FAILED',
    (h) => world.clients.ada.patch(`/v1/orders/${world.orderIds.DRAFT}`, { note: 'x' }, { 'if-match': '"99"', ...h }),
  ],
  [
    'input that breaks the rules',
    400,
    'VALIDATION_FAILED',
    (h) => world.clients.ada.post('/v1/orders', { lines: [] }, h),
  ],
  ['a filter that is none', 400, 'FILTER_NOT_ALLOWED', (h) => world.clients.ada.get('/v1/orders?note=x', h)],
];
describe.each(errors)('the error of %s', (_name, status, code, ask) => {
  it(`is ${status} ${code}, as JSON or as a problem document`, async () => {
    const plain = await ask({});
    expect(plain.status).toBe(status);
    expect(plain.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(plain.headers.get('cache-control')).toBe('private, no-store');
    expect(plain.body).toEqual({
      error: {
        code,
        message: expect.any(String),
        details: expect.any(Array),
        correlationId: plain.headers.get('x-correlation-id'),
      },
    });
    const asked = await ask(problem);
    expect(asked.status).toBe(status);
    expect(asked.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(asked.body).toMatchObject({
      type: expect.stringMatching(new RegExp(`/docs/errors#${code.toLowerCase()}$`)),
      status,
      code,
      detail: plain.body.error.message,
      instance: expect.stringMatching(/^\/v[^?]*$/),
    });
  });
  it('speaks the language of the client', async () => {
    const german = (await ask({ 'accept-language': 'de-AT, en;q=0.5' })).body.error.message;
    const english = (await ask({ 'accept-language': 'en' })).body.error.message;
    expect(german).not.toBe(english);
    expect((await ask({ 'accept-language': 'fr' })).body.error.message).toBe(english);
    expect((await ask({ 'accept-language': '*;q=0, x' })).body.error.message).toBe(english);
  });
});

describe('a client', () => {
  const canaries = () => {
    world.app.sniffer.sniff('the log', 'the log', text);
    return world.app.sniffer.leaks;
  };
  it('finds its correlation id in header, body and log, and its trace in the log', async () => {
    const headers = {
      'x-correlation-id': 'whole-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    };
    const answer = await world.clients.ada.get('/v1/orders/x', headers);
    expect([answer.headers.get('x-correlation-id'), answer.body.error.correlationId]).toEqual(['whole-1', 'whole-1']);
    expect(await lineOf('whole-1')).toMatchObject({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      status: 404,
      level: 'warn',
    });
  });
  it('with an id that should not be in a log gets another one', async () => {
    for (const id of ['a b', 'x'.repeat(200), 'a\tb', '{"a":1}']) {
      const { headers } = await world.clients.anonymous.get('/v1/products', {
        'x-correlation-id': id,
        traceparent: 'x',
      });
      expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
  it('leaves one line that says who did what over REST', async () => {
    const id = world.orderIds.PLACED;
    const headers = {
      'x-correlation-id': 'rest-1',
      'x-client-platform': 'android',
      'x-client-version': '7.1.0',
      'user-agent': 'SECRET-agent',
      'x-forwarded-for': '203.0.113.9',
    };
    const answer = await world.clients.ada.get(`/v1/orders/${id}?fields=id,note`, headers);
    expect(answer.body.note).toContain('canary-note');
    expect(await lineOf('rest-1')).toEqual({
      level: 'info',
      time: expect.any(String),
      msg: 'request',
      principal: `user:${world.ids.ada}`,
      clientId: 'test',
      operation: 'GET /v1/orders/:id',
      method: 'GET',
      status: 200,
      durationMs: expect.any(Number),
      bytesIn: 0,
      bytesOut: answer.text.length,
      correlationId: 'rest-1',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      clientPlatform: 'android',
      clientVersion: '7.1.0',
      statements: expect.toSatisfy((n: number) => n === 1 || n === 2),
    });
  });
  it('leaves one line that says who did what over GraphQL', async () => {
    const document =
      'mutation SECRETname($id: ID!, $input: UpdateOrderInput!) { SECRETalias: updateOrder(id: $id, input: $input) { note } }';
    const variables = { id: world.orderIds.DRAFT, input: { note: 'SECRET-variable' } };
    const answer = await world.clients.ada.graphql(document, variables, { 'x-correlation-id': 'graphql-1' });
    expect(answer.data.SECRETalias.note).toBe('SECRET-variable');
    const line = await lineOf('graphql-1');
    expect(line).toMatchObject({
      principal: `user:${world.ids.ada}`,
      operation: 'mutation updateOrder',
      method: 'POST',
      status: 200,
      bytesIn: JSON.stringify({ query: document, variables }).length,
      bytesOut: answer.text.length,
    });
    expect(line.statements).toBeGreaterThanOrEqual(5);
    await world.clients.anonymous.graphql(
      'query a { products { nodes { id } } categories { nodes { id } } }',
      {},
      { 'x-correlation-id': 'graphql-2' },
    );
    expect(await lineOf('graphql-2')).toMatchObject({
      principal: 'anonymous',
      operation: 'query products, categories',
    });
    await world.clients.anonymous.graphql('{ nothing }', {}, { 'x-correlation-id': 'graphql-3' });
    expect(await lineOf('graphql-3')).toMatchObject({ operation: 'POST /graphql', status: 400, statements: 0 });
  });
  it('says of which app and session a token is, in the line and in the audit trail', async () => {
    const of = { client_id: 'tandem-mobile', gid: randomUUID() };
    const authorization = `Bearer ${await world.app.issuer.token(world.ids.ada, of)}`;
    const document = 'mutation { updateMe(input: { displayName: "Ada K" }) { id } }';
    const asked: [string, string, string, string][] = [
      ['session-1', 'PATCH', '/v1/users/me', JSON.stringify({ displayName: 'Ada L' })],
      ['session-2', 'POST', '/graphql', JSON.stringify({ query: document })],
    ];
    for (const [id, method, path, body] of asked) {
      const { status } = await sent(method, path, { ...json, authorization, 'x-correlation-id': id }, body);
      expect(status).toBe(200);
      expect(await lineOf(id)).toMatchObject({ clientId: of.client_id, sessionId: of.gid });
      const entries = await world.app.database.sql(
        'select action, client_id, session_id from audit_entries where correlation_id = $1',
        [id],
      );
      expect(entries).toEqual([{ action: 'user.update', client_id: of.client_id, session_id: of.gid }]);
    }
  });
  it('leaves nothing of itself or of what it wrote', async () => {
    const { ada, support, suspended, anonymous } = world.clients;
    await ada.patch('/v1/users/me', { displayName: 'SECRET-name' }, { 'x-correlation-id': 'private-1' });
    await ada.patch(`/v1/orders/${world.orderIds.DRAFT}`, { note: 'SECRET-note', ownerId: 'SECRET-field' });
    await support.patch(`/v1/orders/${world.orderIds.PLACED}`, { internalNote: 'SECRET-internal' });
    await support.get(`/v1/users?email=SECRET@tandem.example&q=SECRET`);
    await anonymous.get('/v1/products?q=SECRET&access_token=SECRET', {
      cookie: 'a=SECRET',
      authorization: 'Bearer SECRET',
    });
    await suspended.get('/v1/SECRET');
    await ada.post('/v1/orders', { lines: [{ productId: 'SECRET', quantity: 1 }] });
    await lineOf('private-1');
    await expect
      .poll(() => lines().filter((line) => line.operation === 'GET (no route)' && line.status === 404).length)
      .toBeGreaterThan(0);
    expect(text.match(/SECRET|@tandem\.example|127\.0\.0\.1|203\.0\.113|eyJ|Bearer/g)).toBeNull();
    expect(canaries()).toEqual([]);
  });
  it('learns nothing of what broke inside, and the log no values', async () => {
    await world.app.database.sql('alter table orders rename column note to note_moved');
    const id = world.orderIds.DRAFT;
    const rest = await world.clients.ada.get(`/v1/orders/${id}`, { 'x-correlation-id': 'broken-1' });
    const write = await world.clients.ada.patch(`/v1/orders/${id}`, { note: 'SECRET-broken' });
    const graphql = await world.clients.ada.graphql('query ($id: ID!) { order(id: $id) { note } }', { id });
    await world.app.database.sql('alter table orders rename column note_moved to note');
    for (const { status, text: answer } of [rest, write]) {
      expect(status).toBe(500);
      expect(answer).not.toMatch(/note|column|select|42703/i);
    }
    expect(graphql.errors).toMatchObject([{ path: ['order'], extensions: { code: 'INTERNAL_ERROR' } }]);
    expect(graphql.text).not.toMatch(/t0|select|42703/i);
    await lineOf('broken-1');
    const logged = lines().filter((line) => line.code === 'INTERNAL_ERROR');
    expect(logged.map((line) => line.operation)).toEqual(['GET /v1/orders/:id', 'PATCH /v1/orders/:id', 'query order']);
    for (const line of logged) expect(line.err).toMatchObject({ code: '42703', stack: expect.any(String) });
    expect(text).not.toContain('SECRET');
    expect((await world.clients.ada.get(`/v1/orders/${id}`)).status).toBe(200);
    expect(canaries()).toEqual([]);
  });
});

describe('the limits', () => {
  const head = (method: string, path: string, more = '') =>
    `${method} ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${more}`;
  const stalled: [string, string][] = [
    ['a body that does not end', `${head('POST', '/v1/orders', 'Content-Length: 50\r\n')}\r\n{"lines":`],
    [
      'a body for GraphQL that does not end',
      `${head('POST', '/graphql', 'Transfer-Encoding: chunked\r\n')}\r\n2\r\n{"\r\n`,
    ],
    ['headers that do not end', head('POST', '/v1/orders')],
  ];
  it.each(stalled)('end %s', async (_name, request) => {
    const answer = await exchange(port, request);
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([408, 'REQUEST_TIMEOUT']);
  });
  it('end many slow requests at once, and everybody else is served meanwhile', async () => {
    const sockets: Socket[] = [];
    for (let i = 0; i < 40; i++) sockets.push(await open(port, stalled[i % 3][1]));
    const answers = Promise.all(sockets.map(readAll));
    for (let i = 0; i < 5; i++) {
      expect((await world.clients.ada.get('/v1/orders?limit=1')).status).toBe(200);
      expect((await world.clients.ada.graphql('{ me { id } }')).data.me.id).toBe(world.ids.ada);
    }
    expect((await answers).map((answer) => parseResponse(answer).status)).toEqual(sockets.map(() => 408));
  });
  it.each([
    ['REST', '/v1/orders', (body: any) => body.error.code as string],
    ['GraphQL', '/graphql', (body: any) => (body.errors?.[0].extensions ?? body.error).code as string],
  ])('hold for bodies over %s', async (_name, path, codeOf) => {
    const large = await sent('POST', path, json, JSON.stringify({ query: 'x'.repeat(bodyLimit) }));
    expect([large.status, codeOf(large.body)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const deep = await sent('POST', path, json, `{"variables":${'['.repeat(8)}${']'.repeat(8)}}`);
    expect([deep.status, codeOf(deep.body)]).toEqual([400, 'MALFORMED_REQUEST']);
    const poisoned = await sent('POST', path, json, '{"__proto__":{"admin":true}}');
    expect([poisoned.status, codeOf(poisoned.body)]).toEqual([400, 'MALFORMED_REQUEST']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
  it('hold for headers', async () => {
    const answer = await exchange(port, `GET /v1/products HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(9000)}\r\n\r\n`);
    expect(answer.status).toBe(431);
  });
  it('let go of a client that goes away, and the next one is served', async () => {
    const socket = await open(port, stalled[0][1]);
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect(
      (await world.clients.ada.post('/v1/orders', { lines: [{ productId: world.productIds[0], quantity: 1 }] })).status,
    ).toBe(201);
  });
});
