import { expect, it } from 'vitest';
import { defaultLimits } from './limits.js';
import { RoleLimits } from './role-limits.js';

const account = (...roles: string[]) => ({ isAnonymous: false, roles });
const anonymous = { isAnonymous: true, roles: [] };

it('are the defaults for everybody where nothing is said', () => {
  const limits = new RoleLimits({});
  for (const actor of [anonymous, account(), account('admin')]) expect(limits.of(actor)).toEqual(defaultLimits);
  expect([limits.most, limits.least]).toEqual([defaultLimits, defaultLimits]);
});
it('are those of the roles, each value the most generous one', () => {
  const limits = new RoleLimits({
    default: { depth: 8 },
    anonymous: { cost: 100 },
    roles: { customer: { cost: 1000, aliases: 2 }, support: { cost: 500_000, depth: 5 } },
  });
  const base = { ...defaultLimits, depth: 8 };
  expect(limits.of(anonymous)).toEqual({ ...base, cost: 100 });
  expect(limits.of(account())).toEqual(base);
  expect(limits.of(account('customer'))).toEqual({ ...base, cost: 1000, aliases: 2 });
  expect(limits.of(account('support'))).toEqual({ ...base, cost: 500_000, depth: 5 });
  expect(limits.of(account('customer', 'support'))).toEqual({ ...base, cost: 500_000 });
  expect(limits.of(account('customer', 'manager'))).toEqual(base);
  expect(limits.most).toEqual({ ...base, cost: 500_000 });
  expect(limits.least).toEqual({ depth: 5, aliases: 2, rootFields: defaultLimits.rootFields, cost: 100 });
});
it('of a role that is called like something of JavaScript are its own', () => {
  expect(new RoleLimits({}).of(account('__proto__', 'constructor'))).toEqual(defaultLimits);
});
