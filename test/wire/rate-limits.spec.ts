import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenVerifier } from '#libs/authn/token-verifier.js';
import type { World } from '#test/harness/world.js';
import {
  anonymousRequests,
  guesses,
  leftAfterBothApis,
  limitOf,
  pretendingNetworks,
  requests,
  startLimited,
  twoCallers,
  workForUsedUpNetwork,
  windowSeconds,
} from './rate-limit-checks.js';
import { exchange } from './raw-http.js';

type Limited = World & { clock: { now: number } };
const origin = 'https://shop.example.com';
let world: Limited;
let behindProxy: Limited;
beforeAll(async () => {
  world = await startLimited({ CORS_ORIGINS: origin });
  behindProxy = await startLimited({ TRUST_PROXY: '127.0.0.0/8', RATE_LIMIT_ANONYMOUS_REQUESTS: '100' });
});
afterAll(async () => {
  await world.app.stop();
  await behindProxy.app.stop();
});
/** Every test begins in a window of its own. */
beforeEach(() => {
  for (const { clock } of [world, behindProxy]) clock.now = Math.ceil(clock.now / 1e6) * 1e6 + 1e6;
});

const policy = { name: 'default', q: requests, w: windowSeconds };
const anonymousPolicy = { name: 'anonymous', q: anonymousRequests, w: windowSeconds };

describe('a budget', () => {
  it('is one for REST and GraphQL, where a document counts as many requests as it asks root fields', async () => {
    const { ada } = world.clients;
    expect(await leftAfterBothApis(ada)).toEqual([3, 2, 1]);
    const document = '{ a: me { id } b: me { id } c: me { id } d: orders { nodes { id } } }';
    const refused = await ada.graphql(document);
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'TOO_MANY_REQUESTS',
      '60',
    ]);
    expect((await ada.get('/v1/users/me')).status).toBe(429);
    world.clock.now += windowSeconds * 1000;
    const many = await ada.graphql(document);
    expect([many.status, many.errors, limitOf(many)?.r]).toEqual([200, [], 0]);
    expect((await ada.get('/v1/users/me')).status).toBe(429);
  });
  it('is charged for what a document may cost, variables included', async () => {
    const asAda = await behindProxy.app.as('ada', behindProxy.ids.ada);
    const document = 'query ($first: Int) { orders(first: $first) { nodes { id lines { id } } } }';
    const left = async (first: number) => limitOf(await asAda.graphql(document, { first }))?.r;
    expect([await left(1), await left(100)]).toEqual([3, 2]);
    const wide = 'query ($first: Int) { orders(first: $first) { nodes { id a: lines { id } b: lines { id } } } }';
    expect(limitOf(await asAda.graphql(wide, { first: 100 }))?.r).toBe(0);
  });
  it('is counted down on every answer, and full again when its window ends', async () => {
    const { ada } = world.clients;
    const { clock } = world;
    expect(limitOf(await ada.get('/v1/users/me'))).toEqual({ ...policy, r: 3, t: 60 });
    clock.now += 17_500;
    expect(limitOf(await ada.get('/v1/orders?nothing=1'))).toEqual({ ...policy, r: 2, t: 43 });
    await ada.get('/v1/users/me');
    expect(limitOf(await ada.get('/v1/users/me'))).toEqual({ ...policy, r: 0, t: 43 });
    clock.now += 42_499;
    const refused = await ada.get('/v1/users/me');
    expect([refused.status, limitOf(refused)]).toEqual([429, { ...policy, r: 0, t: 1 }]);
    clock.now += 1;
    const again = await ada.get('/v1/users/me');
    expect([again.status, limitOf(again)]).toEqual([200, { ...policy, r: 3, t: 60 }]);
  });
  it('is an account’s own on a network that others use, too', async () => {
    const { ada, grace } = world.clients;
    expect(await twoCallers(ada, grace)).toEqual([200, 200, 200, 200, 429, 200, 200, 200, 200, 429]);
    // Neither has taken anything from the network.
    expect(limitOf(await world.app.anonymous.get('/v1/nowhere'))).toEqual({ ...anonymousPolicy, r: 2, t: 60 });
  });
  it('is an account’s own, whichever token and network it comes with', async () => {
    const left: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      const again = await behindProxy.app.as('ada', behindProxy.ids.ada);
      left.push(limitOf(await again.get('/v1/users/me', { 'x-forwarded-for': `203.0.113.${i}` }))?.r);
    }
    expect(left).toEqual([3, 2, 1]);
  });
});

describe('a network', () => {
  it('shares what its callers without a token may send', async () => {
    const { anonymous } = world.app;
    const answers = [await anonymous.get('/v1/products'), await anonymous.graphql('{ products { nodes { id } } }')];
    expect(answers.map((answer) => [answer.status, limitOf(answer)?.r])).toEqual([
      // A shared cache would give it to everybody.
      [200, undefined],
      [200, 1],
    ]);
    expect(limitOf(await anonymous.get('/v1/nowhere'))).toEqual({ ...anonymousPolicy, r: 0, t: 60 });
    expect((await anonymous.get('/v1/products')).status).toBe(429);
  });
  it('pays for the tokens that are guessed on it', async () => {
    expect(await guesses(world.app.anonymous)).toEqual([401, 401, 401, 429]);
  });
  it('that is used up costs no statement and hardly a look at a token; whoever has a valid one is served', async () => {
    const { ada } = world.clients;
    await ada.get('/v1/users/me');
    expect(await workForUsedUpNetwork(world, world.app.app.get(TokenVerifier))).toEqual({
      honest: 200,
      answers: [...Array<number>(12).fill(429), 429, 'TOO_MANY_REQUESTS'],
      statements: 0,
      verifications: 1,
    });
    expect((await ada.get('/v1/users/me')).status).toBe(200);
  });
  it('is where the connection comes from, whatever X-Forwarded-For says', async () => {
    expect(await pretendingNetworks(world.app.anonymous)).toEqual([200, 200, 200, 429]);
  });
  it('is what a trusted proxy says: an IPv4 address or an IPv6 /64', async () => {
    const left = async (address: string) =>
      limitOf(await behindProxy.app.anonymous.get('/v1/nowhere', { 'x-forwarded-for': address }))?.r;
    expect([await left('203.0.113.1'), await left('203.0.113.2'), await left('::ffff:203.0.113.1')]).toEqual([
      99, 99, 98,
    ]);
    expect([await left('2001:db8::1'), await left('2001:DB8:0:0:ffff::2'), await left('2001:db8:0:1::1')]).toEqual([
      99, 98, 99,
    ]);
  });
});

describe('a refusal', () => {
  it('says when to come back, in both APIs and to scripts of other origins', async () => {
    const { ada } = world.clients;
    for (let i = 0; i < requests; i++) await ada.get('/v1/users/me');
    world.clock.now += 30_001;
    const rest = await ada.get('/v1/users/me', { origin });
    expect(rest.body).toEqual({
      error: { code: 'TOO_MANY_REQUESTS', message: expect.any(String), details: [], correlationId: expect.any(String) },
    });
    expect(Object.fromEntries(rest.headers)).toMatchObject({
      'retry-after': '30',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': expect.stringMatching(/Retry-After.*RateLimit, RateLimit-Policy/),
      'cache-control': 'private, no-store',
    });
    const graphql = await ada.graphql('{ me { id } }');
    expect(graphql.errors).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS', retryAfter: 30 } }]);
    expect([graphql.status, graphql.data, graphql.headers.get('retry-after')]).toEqual([429, undefined, '30']);
    const problem = await ada.get('/v1/users/me', { accept: 'application/problem+json' });
    expect(problem.body).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
  });
  it('spares probes, preflights and what developers read', async () => {
    const { anonymous } = world.app;
    for (let i = 0; i < anonymousRequests + 1; i++) await anonymous.get('/v1/products');
    for (const path of ['/health/live', '/health/ready', '/health/startup', '/docs', '/openapi/v1.json', '/graphiql']) {
      const { status, headers } = await anonymous.get(path);
      expect([path, status, headers.has('ratelimit')]).toEqual([path, 200, false]);
    }
    const preflight = { origin, 'access-control-request-method': 'GET' };
    expect((await anonymous.rest('OPTIONS', '/v1/products', { headers: preflight })).status).toBe(204);
  });
});

it('what shared caches may keep says nothing of anybody’s budget', async () => {
  const { ada } = world.clients;
  for (const path of ['/v1/products', '/v1/meta/messages', '/v1/meta/messages/de']) {
    const { status, headers } = await world.app.anonymous.get(path);
    expect([path, status, headers.get('cache-control')]).toEqual([path, 200, expect.stringMatching(/^public/)]);
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
  }
  const own = await ada.get('/v1/products');
  expect([own.headers.get('cache-control'), limitOf(own)?.r]).toEqual(['private, no-cache', 3]);
});

it('every way to fail is counted and says what is left', async () => {
  const { port } = new URL(behindProxy.app.url);
  const asked: [line: string, status: number, rest?: string][] = [
    ['GET /nowhere', 404],
    ['DELETE /v1/products', 405],
    ['GET /v1/users/me', 401],
    ['GET /v1/products?limit=x', 400],
    ['GET /%zz', 400],
    ['GET /v1/products?q=%00', 400],
    ['POST /v1/products', 415, 'Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nno'],
    ['POST /v1/orders', 413, 'Content-Type: application/json\r\nContent-Length: 999999\r\n\r\n'],
    ['GET /graphql', 400],
  ];
  for (const [i, [line, status, rest = '\r\n']] of asked.entries()) {
    const answer = await exchange(Number(port), `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${rest}`);
    expect([line, answer.status, answer.headers.ratelimit]).toEqual([line, status, `"anonymous";r=${99 - i};t=60`]);
  }
});
