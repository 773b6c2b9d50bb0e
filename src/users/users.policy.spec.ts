import { describe, expect, it } from 'vitest';
import { Roles } from '#libs/authz/roles.js';
import { User } from './user.entity.js';
import './users.policy.js';
import { users } from './users.resource.js';

const id = '0197f5a0-0000-7000-8000-000000000001';
const as = (...names: string[]) => new Roles().actor(id, names);
const anonymous = new Roles().actor(null, []);
const userOf = (userId: string) => Object.assign(new User(), { id: userId });
const self = userOf(id);
const other = userOf('0197f5a0-0000-7000-8000-000000000002');

describe('who may read what of users', () => {
  const restrictable = users.restrictable().map((f) => f.name);
  const readable = (actor: ReturnType<typeof as>, user: User) => restrictable.filter((f) => actor.can('read', user, f));
  const own = ['email', 'status', 'locale', 'timeZone', 'roles', 'preferences'];
  const staff = ['email', 'status', 'suspensionReason', 'locale', 'timeZone', 'roles'];

  it.each([
    ['anonymous', anonymous, undefined, undefined],
    ['an account without a role', as(), own, undefined],
    ['customer', as('customer'), own, undefined],
    ['support', as('support'), restrictable, staff],
    ['manager', as('manager'), restrictable, staff],
    ['customer and support', as('customer', 'support'), restrictable, staff],
    ['admin', as('admin'), restrictable, restrictable],
  ])('%s', (_name, actor, ofSelf, ofOthers) => {
    expect(actor.can('read', self)).toBe(ofSelf !== undefined);
    expect(actor.can('read', other)).toBe(ofOthers !== undefined);
    expect(readable(actor, self)).toEqual(ofSelf ?? []);
    expect(readable(actor, other)).toEqual(ofOthers ?? []);
  });
});

describe('who may change users', () => {
  it.each([[], ['customer'], ['support'], ['manager']])('%s: the own profile, and nothing else', (...roles) => {
    const actor = as(...roles);
    for (const field of ['displayName', 'locale', 'timeZone', 'preferences']) {
      expect(actor.can('update', self, field)).toBe(true);
      expect(actor.can('update', other, field)).toBe(false);
    }
    for (const field of ['id', 'email', 'status', 'suspensionReason', 'roles', 'version'])
      expect(actor.can('update', self, field)).toBe(false);
    for (const action of ['suspend', 'reactivate', 'setRoles', 'delete', 'create'])
      for (const user of [self, other]) expect(actor.can(action, user)).toBe(false);
  });
  it('admin: suspends, reactivates and gives roles', () => {
    for (const action of ['suspend', 'reactivate', 'setRoles']) expect(as('admin').can(action, other)).toBe(true);
  });
  it('anonymous: nothing', () => {
    for (const action of ['update', 'suspend', 'reactivate', 'setRoles'])
      expect(anonymous.can(action, self)).toBe(false);
  });
});
