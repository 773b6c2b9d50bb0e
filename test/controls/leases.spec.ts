import { afterAll, beforeAll, expect, it } from 'vitest';
import { Ledger, type Ask, type Grant } from '#libs/limits/ledger.js';
import { PostgresLedger } from '#libs/limits/postgres-ledger.js';
import { openInstances, type Instances } from '#test/limits/instances.js';
import { leasing, questions, served, spend } from '#test/limits/lease-checks.js';

let instances: Instances;
beforeAll(async () => {
  instances = await openInstances(2);
});
afterAll(() => instances.close());
const ledgers = (Class: new (...args: ConstructorParameters<typeof PostgresLedger>) => Ledger) =>
  instances.statements.map((statements) => new Class(statements));

it('leases without a bound exceed the limit', async () => {
  class Boundless extends PostgresLedger {
    override async lease(asks: readonly Ask[], instances: number): Promise<Grant[]> {
      return (await super.lease(asks, instances)).map((grant) => ({ ...grant, granted: 100 }));
    }
  }
  const all = await leasing(ledgers(Boundless));
  expect(await served(all, 'boundless', 600, 1500)).toBe(1500);
});
it('blocks that are all there is leave the other instance nothing', async () => {
  class Greedy extends PostgresLedger {
    override lease(asks: readonly Ask[], instances: number): Promise<Grant[]> {
      return super.lease(
        asks.map((ask) => ({ ...ask, wanted: ask.limit })),
        instances,
      );
    }
  }
  const [one, two] = await leasing(ledgers(Greedy));
  await served([one], 'greedy', 10, 1);
  expect(await served([two], 'greedy', 10, 9)).toBe(0);
});
it('blocks of one ask at every request', async () => {
  class ByOne extends PostgresLedger {
    override async lease(asks: readonly Ask[], instances: number): Promise<Grant[]> {
      const grants = await super.lease(asks, instances);
      const back = asks.map((ask, i) => ({
        ...ask,
        spent: 0,
        wanted: 0,
        returned: Math.max(0, grants[i].granted - 1),
        window: grants[i].window,
      }));
      await super.lease(back, instances);
      return grants.map((grant) => ({ ...grant, granted: Math.min(1, grant.granted) }));
    }
  }
  const all = await leasing(ledgers(ByOne));
  for (let i = 0; i < 300; i++) await spend(all[0], 'by one', 600);
  expect(questions(all) * 50).toBeGreaterThan(300);
});
