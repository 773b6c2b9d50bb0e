import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Attempts, type Trier } from '#libs/limits/attempts.js';
import type { AttemptKind } from '#libs/limits/attempt-rules.js';
import { attemptsOf, ownerUnderAttack, raced } from '#test/limits/attempt-checks.js';
import { openInstances, type Instances } from '#test/limits/instances.js';

let instances: Instances;
beforeAll(async () => {
  instances = await openInstances(2);
});
afterAll(() => instances.close());
beforeEach(() => instances.database.sql('truncate attempts, attempt_totals'));

const account = 'ada@example.com';
const network = '192.0.2.1';

it('tries that each instance counts by itself are twice as many', async () => {
  let made = 0;
  class OnOneInstance extends Attempts {
    private readonly instance = ++made;
    override spend(kind: AttemptKind, trier: Trier) {
      return super.spend(kind, { ...trier, account: `${trier.account} ${this.instance}` });
    }
  }
  expect(await raced(attemptsOf(instances, OnOneInstance), 'signIn', 40, { account, network })).toBe(20);
});
it('an owner whose device is not known is locked out by an attacker', async () => {
  class WithoutDevices extends Attempts {
    override spend(kind: AttemptKind, { account, network }: Trier) {
      return super.spend(kind, { account, network });
    }
  }
  const [attempts] = attemptsOf(instances, WithoutDevices);
  expect(await ownerUnderAttack(attempts, account)).toEqual({ known: 0, unknown: 0 });
});
