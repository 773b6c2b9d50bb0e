// Weaknesses: secrets guessed as fast as one can send, an office that is shut out because many work there, and a client
// that is signed out by an answer that says only "later".
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Statements } from '#libs/database/statements.js';
import { call, me, mobile, refresh } from '#test/issuer/client.js';
import { limitOf } from '#test/wire/rate-limit-checks.js';
import {
  answered,
  endWindows,
  fewGuesses,
  guess,
  makeService,
  ofClient,
  ofNetwork,
  office,
  officeLimit,
  officeOf,
  ofSession,
  secret,
  serviceToken,
  session,
  startEndpoints,
  type Endpoints,
} from './oauth-checks.js';
import { hasRedis, RedisServer } from './redis.js';

let at: Endpoints;
afterEach(() => at?.stop());

describe('the token endpoint, over two instances', () => {
  it('lets a network guess a few secrets, whatever it says of where it comes from', async () => {
    at = await startEndpoints();
    const guesses = await answered(100, (i) => guess(at, i));
    expect(guesses).toBeGreaterThanOrEqual(fewGuesses.atLeast);
    expect(guesses).toBeLessThanOrEqual(fewGuesses.atMost);
  });
  it('says "later" in words that clients of OAuth read, with headers, before it asks the database', async () => {
    at = await startEndpoints();
    const service = await makeService(at);
    await answered(100, (i) => guess(at, i));
    let refused;
    const statements = await at.apps[0].statements(async () => {
      refused = await guess(at, 0, { origin: 'https://elsewhere.example' });
    });
    expect(refused).toMatchObject({
      status: 429,
      body: {
        error: 'temporarily_unavailable',
        error_description: expect.stringMatching(/^[ -~]+$/),
        correlationId: expect.any(String),
      },
    });
    const { headers } = refused! as Awaited<ReturnType<typeof guess>>;
    expect(limitOf({ headers })).toMatchObject({ name: 'endpoint', q: ofNetwork, w: 60, r: 0 });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(statements).toBe(0);
    // Other endpoints have budgets of their own.
    const basic = { authorization: `Basic ${Buffer.from(`${service}:${secret}`).toString('base64')}` };
    const looked = await call(at.instances, '/oauth/introspect', { token: 'x'.repeat(43) }, basic);
    expect([looked.status, looked.body]).toEqual([200, { active: false }]);
  });
  it('serves an office of many people: who shows what is right pays for it, not the network', async () => {
    at = await startEndpoints({ env: officeLimit });
    const answers = await office(at);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 3 * officeOf }, () => 200));
    expect(limitOf(answers[0])).toMatchObject({ name: 'session', q: ofSession });
  });
  it('refuses a session that refreshes without end, which loses nothing by it', async () => {
    at = await startEndpoints();
    let token = await session(at);
    const other = await session(at);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      const answer = await refresh(at.instances, mobile.clientId, token);
      statuses.push(answer.status);
      if (answer.status === 200) token = answer.body.refresh_token;
      else expect(answer.body).toMatchObject({ error: 'temporarily_unavailable' });
    }
    const served = statuses.filter((status) => status === 200).length;
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(served).toBeGreaterThanOrEqual(ofSession - 1);
    // Each instance learns that nothing is left by the request after the last one.
    expect(served).toBeLessThanOrEqual(ofSession + 2);
    expect((await refresh(at.instances, mobile.clientId, other)).status).toBe(200);
    await endWindows(at);
    const later = await refresh(at.instances, mobile.clientId, token);
    expect(later.status, JSON.stringify(later.body)).toBe(200);
    expect(await me(at.instances, later.body.access_token)).toMatchObject({ status: 200 });
  });
  it('counts a client once it has proven who it is: nobody else can use up what it has', async () => {
    at = await startEndpoints({ env: { TRUST_PROXY: '127.0.0.1/32' } });
    const [one, other] = [await makeService(at), await makeService(at)];
    await answered(60, (i) => serviceToken(at, one, 'a-guess', `198.51.100.${i}`));
    const mine = await answered(60, () => serviceToken(at, one, secret, '192.0.2.1'));
    expect(mine).toBe(ofClient);
    const refused = await serviceToken(at, one, secret, '192.0.2.1');
    expect(refused).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
    expect(limitOf(refused)).toMatchObject({ name: 'client', q: ofClient, r: 0 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await serviceToken(at, other, secret, '192.0.2.2')).status).toBe(200);
  });
  it('believes the proxies that it trusts, and nobody before them', async () => {
    at = await startEndpoints({ env: { TRUST_PROXY: '127.0.0.1/32' } });
    const from = (i: number) => ({ 'x-forwarded-for': `203.0.113.${i}, 192.0.2.77` });
    expect(await answered(100, (i) => guess(at, i, from(i)))).toBeLessThanOrEqual(fewGuesses.atMost);
    const neighbours = { 'x-forwarded-for': '2001:db8:0:1::1' };
    expect((await guess(at, 1, neighbours)).status).toBe(400);
    const ofOneSubscriber = (i: number) => ({ 'x-forwarded-for': `2001:db8:0:1::${i.toString(16)}` });
    expect(await answered(100, (i) => guess(at, i, ofOneSubscriber(i)))).toBeLessThanOrEqual(fewGuesses.atMost);
    expect((await guess(at, 1, { 'x-forwarded-for': '2001:db8:0:2::1' })).status).toBe(400);
  });
  it('asks for its budgets once in 50 requests', { timeout: 120_000 }, async () => {
    at = await startEndpoints({ env: { RATE_LIMIT_REQUESTS: '600', RATE_LIMIT_ANONYMOUS_REQUESTS: '1200' } });
    const service = await makeService(at);
    const tokens = await Promise.all(Array.from({ length: 10 }, () => session(at)));
    const run = vi.spyOn(Statements.prototype, 'run');
    let requests = 0;
    const count = <T>(answer: T): T => (requests++, answer);
    for (let i = 0; i < 900; i++) {
      count(await serviceToken(at, service));
      if (i % 2 === 0) count(await guess(at, i));
      if (i % 10 === 0) {
        const mine = (i / 10) % tokens.length;
        const answer = count(await refresh(at.instances, mobile.clientId, tokens[mine]));
        if (answer.status === 200) tokens[mine] = answer.body.refresh_token;
      }
    }
    const leases = run.mock.calls.filter(([{ name }]) => name === 'lease_budgets').length;
    run.mockRestore();
    expect(leases).toBeGreaterThan(0);
    expect(leases * 50).toBeLessThanOrEqual(requests);
  });
});

describe('where browsers come to', () => {
  it('a network that begins too many sign-ins sees a page that says so', async () => {
    at = await startEndpoints();
    const ask = () => at.instances.fetch('/oauth/authorize?client_id=nobody', { headers: { accept: 'text/html' } });
    for (let i = 0; i < ofNetwork; i++) expect((await ask()).status).toBe(400);
    const refused = await ask();
    expect([refused.status, refused.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    expect(await refused.text()).toContain('<main');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await at.instances.fetch('/.well-known/openid-configuration')).status).toBe(200);
  });
});

describe.skipIf(!hasRedis)('with Redis', () => {
  it('two instances share the budgets of endpoints, too', async () => {
    const redis = await RedisServer.start();
    at = await startEndpoints({ env: { REDIS_URL: redis.url } });
    const service = await makeService(at);
    expect(await answered(60, () => serviceToken(at, service))).toBe(ofClient);
    expect(await answered(100, (i) => guess(at, i))).toBeLessThanOrEqual(fewGuesses.atMost);
    expect(await at.world.app.database.sql('select from budgets')).toEqual([]);
    await at.stop();
    await redis.remove();
    at = undefined as never;
  });
});
