import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresLedger } from '#libs/limits/postgres-ledger.js';
import { RedisLedger } from '#libs/limits/redis-ledger.js';
import type { Ledger } from '#libs/limits/ledger.js';
import { openInstances, type Instances } from './instances.js';
import { leasing, questions, served, servedAtOnce, spend, type Leasing } from './lease-checks.js';
import { hasRedis, RedisServer } from './redis.js';

let instances: Instances;
let redis: RedisServer;
beforeAll(async () => {
  instances = await openInstances(2);
  if (hasRedis) redis = await RedisServer.start();
});
afterAll(async () => {
  await instances.close();
  await redis?.remove();
});

const ledgers = {
  PostgreSQL: (count: number): Ledger[] =>
    Array.from({ length: count }, (_, i) => new PostgresLedger(instances.statements[i % 2])),
  Redis: (count: number): Ledger[] => Array.from({ length: count }, () => new RedisLedger(redis.url)),
};
let keys = 0;
const freshKey = () => `somebody ${++keys}`;
const each = async (count: number, kind: keyof typeof ledgers, work: (all: Leasing[]) => Promise<void>) => {
  const all = await leasing(ledgers[kind](count));
  try {
    await work(all);
  } finally {
    for (const { budgets } of all) await budgets.stop();
  }
};

describe.each(['PostgreSQL', ...(hasRedis ? ['Redis' as const] : [])] as const)('a budget in %s', (kind) => {
  it('is exact for one instance and for two, with one question in 50 requests', async () => {
    for (const count of [1, 2])
      await each(count, kind, async (all) => {
        const key = freshKey();
        expect(await served(all, key, 600, 1500)).toBe(600);
        expect(questions(all) * 50).toBeLessThanOrEqual(1500);
      });
  });
  it('is exact however small it is', async () => {
    await each(2, kind, async (all) => {
      for (const limit of [1, 4, 10]) expect(await served(all, freshKey(), limit, 40)).toBe(limit);
    });
  });
  it('is not exceeded by requests that come at once', async () => {
    await each(3, kind, async (all) => {
      expect(await servedAtOnce(all, freshKey(), 10, 300)).toBe(10);
      const many = await servedAtOnce(all, freshKey(), 600, 2000);
      expect(many).toBeGreaterThanOrEqual(600);
      // Some of them were served untold.
      expect(many).toBeLessThanOrEqual(660);
    });
  });
  it('hardly exceeds its limit when callers change instances, by what each serves untold', async () => {
    await each(3, kind, async (all) => {
      const key = freshKey();
      let count = 0;
      for (const one of all) count += await served([one], key, 600, 700);
      expect(count).toBeGreaterThanOrEqual(600);
      expect(count).toBeLessThanOrEqual(660);
    });
  });
  it('gets back what an instance leaves with', async () => {
    await each(2, kind, async ([one, two]) => {
      const key = freshKey();
      expect(await served([one], key, 600, 100)).toBe(100);
      await one.budgets.stop();
      expect(await served([two], key, 600, 700)).toBe(500);
    });
  });
  it('is told the truth about: what is left, and when it is full again', async () => {
    await each(2, kind, async ([one, two]) => {
      const key = freshKey();
      for (let i = 1; i <= 200; i++)
        expect(await spend(one, key, 600)).toMatchObject({ totalHits: i, isBlocked: false });
      // What the other one says is what it knows.
      await served([two], key, 600, 40);
      const { totalHits, timeToExpire } = await spend(two, key, 600);
      expect(totalHits).toBeGreaterThanOrEqual(241);
      expect(timeToExpire).toBeLessThanOrEqual(60);
      expect(timeToExpire).toBeGreaterThan(30);
    });
  });
  it('takes work of several requests as a whole or not at all', async () => {
    await each(2, kind, async ([one, two]) => {
      const key = freshKey();
      expect(await spend(one, key, 10, 7)).toMatchObject({ totalHits: 7, isBlocked: false });
      expect(await spend(two, key, 10, 7)).toMatchObject({ isBlocked: true });
      expect(await served([one, two], key, 10, 20)).toBe(3);
    });
  });
});

describe('a flood from many networks', () => {
  const rows = async () => (await instances.database.sql('select count(*)::int as n from budgets'))[0].n as number;
  it('writes nothing while each of them sends little', async () => {
    await each(2, 'PostgreSQL', async (all) => {
      const before = await rows();
      for (let i = 0; i < 20_000; i++) await spend(all[i % 2], `network ${i % 4000}`, 1200);
      expect([questions(all), (await rows()) - before]).toEqual([0, 0]);
    });
  });
  it('has one question in 50 requests, whatever it sends', async () => {
    await each(1, 'PostgreSQL', async (all) => {
      const limit = 60;
      const networks = 300;
      let most = 0;
      const counts = new Map<number, number>();
      for (let i = 0; i < 30_000; i++) {
        const network = i % networks;
        if ((await spend(all[0], `busy ${network}`, limit)).isBlocked) continue;
        counts.set(network, (counts.get(network) ?? 0) + 1);
        most = Math.max(most, counts.get(network)!);
      }
      expect(most).toBeLessThanOrEqual(2 * limit);
      expect((questions(all) - 20) * 50).toBeLessThanOrEqual(30_000);
    });
  });
});

describe('a ledger that goes away', () => {
  it.each(['fails', 'hangs'] as const)('(%s) leaves every instance its share, and is missed once', async (away) => {
    await each(2, 'PostgreSQL', async (all) => {
      const [key, fresh, over] = [freshKey(), freshKey(), freshKey()];
      expect(await served(all, over, 100, 150)).toBe(100);
      const before = await served(all, key, 600, 400);
      for (const { budgets, ledger } of all) {
        budgets.timeout = 1000;
        ledger.away = away;
      }
      const after = await served(all, key, 600, 2000);
      expect(before).toBe(400);
      expect(after).toBeGreaterThan(0);
      expect(before + after).toBeLessThanOrEqual(1200);
      const alone = await served(all, fresh, 600, 2000);
      expect(alone).toBeGreaterThanOrEqual(600);
      expect(alone).toBeLessThanOrEqual(660);
      expect(await served(all, over, 100, 50)).toBe(0);
      await Promise.all(all.map(({ budgets }) => budgets.meet()));
      for (const { logged } of all) expect(logged).toHaveLength(1);
      for (const { ledger } of all) ledger.away = 'no';
      for (const { budgets } of all) await budgets.meet();
      for (const { logged } of all) expect(logged).toHaveLength(2);
      // What was spent alone is told.
      expect(alone + (await served(all, fresh, 600, 2000))).toBeLessThanOrEqual(1200);
      expect(await served(all, fresh, 600, 50)).toBe(0);
    });
  });
});

it('rows whose window has ended are taken away', async () => {
  await each(1, 'PostgreSQL', async (all) => {
    await served(all, freshKey(), 10, 20);
    await instances.database.sql(`update budgets set ends_at = now() - interval '2 minutes'`);
    await all[0].budgets.meet();
    expect(await instances.database.sql('select from budgets')).toEqual([]);
  });
});
it('a window that has ended is a new one for all instances', async () => {
  const clock = { now: 1e6 };
  const all = await leasing(ledgers.PostgreSQL(2), { now: () => clock.now });
  const key = freshKey();
  expect(await served(all, key, 20, 40)).toBe(20);
  clock.now += 60_000;
  await instances.database.sql(`update budgets set ends_at = now() - interval '1 second'`);
  expect(await served(all, key, 20, 40)).toBe(20);
  for (const { budgets } of all) await budgets.stop();
});
