import { getStorageToken } from '@nestjs/throttler';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Statements } from '#libs/database/statements.js';
import {
  limit,
  meet,
  servedAliases,
  servedByBothApis,
  servedPretenders,
  startPair,
  type Pair,
} from './shared-checks.js';
import { hasRedis, RedisServer } from './redis.js';

describe('one budget over two instances', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await startPair();
  });
  afterAll(() => pair.stop());

  it('is shared by REST and GraphQL', async () => {
    expect(await servedByBothApis(pair.ada, 60)).toEqual({ 200: limit, 429: 60 - limit });
  });
  it('is shared by aliases', async () => {
    const grace = await Promise.all(pair.apps.map((app) => app.as('grace', pair.world.ids.grace)));
    const served = await servedAliases(grace, 10);
    expect(served).toBeLessThanOrEqual(limit / 10);
    // Each may be left with less than a document needs.
    expect(served).toBeGreaterThanOrEqual(limit / 10 - 2);
  });
  it('is that of the connection’s network, whatever an untrusted peer says of others', async () => {
    expect(await servedPretenders(pair.apps, 60)).toBe(limit);
  });
});

it('one statement in 50 requests, over everything that two instances are asked', { timeout: 120_000 }, async () => {
  const pair = await startPair({ env: { RATE_LIMIT_REQUESTS: '600', RATE_LIMIT_ANONYMOUS_REQUESTS: '600' } });
  const run = vi.spyOn(Statements.prototype, 'run');
  const anonymous = pair.apps.map((app) => app.anonymous);
  expect(await servedByBothApis(pair.ada, 1000)).toEqual({ 200: 600, 429: 400 });
  expect(await servedByBothApis(anonymous, 400)).toEqual({ 200: 200, 401: 200 });
  const leases = run.mock.calls.filter(([{ name }]) => name === 'lease_budgets').length;
  run.mockRestore();
  expect(leases).toBeGreaterThan(0);
  expect(leases * 50).toBeLessThanOrEqual(1400);
  await pair.stop();
});

describe.skipIf(!hasRedis)('Redis', () => {
  let redis: RedisServer;
  let pair: Pair;
  beforeAll(async () => {
    redis = await RedisServer.start();
    pair = await startPair({ env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await pair?.stop();
    await redis?.remove();
  });
  beforeEach(() => meet(pair.apps));

  it('keeps one budget over two instances', async () => {
    const support = await Promise.all(pair.apps.map((app) => app.as('support', pair.world.ids.support)));
    expect(await servedByBothApis(support, 60)).toEqual({ 200: limit, 429: 60 - limit });
    expect(await pair.world.app.database.sql('select from budgets')).toEqual([]);
  });
  it.each([
    ['stops', 'grace', () => redis.stop()],
    ['hangs', 'ada', async () => redis.hang()],
  ] as const)(
    'may be away (%s) in the middle: callers are still limited, at twice the limit at most, and nothing fails',
    async (_, name, away) => {
      await redis.stop();
      await redis.start();
      // Connections come back in their own time; until then an instance may take itself for the only one.
      const knowEachOther = async () => {
        await meet(pair.apps);
        return pair.apps.map(({ app }) => {
          const { instances, isDown } = app.get<{ instances: number; isDown: boolean }>(getStorageToken());
          return isDown ? 0 : instances;
        });
      };
      await expect.poll(knowEachOther, { timeout: 20_000 }).toEqual([2, 2]);
      const { ids } = pair.world;
      const clients = await Promise.all(pair.apps.map((app) => app.as(name, ids[name])));
      const before = await servedByBothApis(clients, limit / 2);
      await away();
      const after = await servedByBothApis(clients, 4 * limit);
      expect(Object.keys({ ...before, ...after }).sort()).toEqual(['200', '429']);
      const served = before[200] + after[200];
      expect(served).toBeGreaterThanOrEqual(limit);
      expect(served).toBeLessThanOrEqual(2 * limit);
    },
  );
});
