import { describe, expect, it } from 'vitest';
import { Actor } from '#libs/authz/actor.js';
import { RoleSet } from '#libs/authz/role-set.js';
import { Roles } from '#libs/authz/roles.js';
import { Notification } from './notification.entity.js';
import './notifications.policy.js';
import './notifications.resource.js';

const me = '0197f5a0-0000-7000-8000-000000000001';
const notificationOf = (userId: string) => Object.assign(new Notification(), { userId });
const own = notificationOf(me);
const another = notificationOf('0197f5a0-0000-7000-8000-000000000002');
const actions = ['read', 'update', 'delete'];

describe.each([[], ['customer'], ['support'], ['manager'], ['admin'], ['customer', 'support', 'manager', 'admin']])(
  'somebody with the roles %j',
  (...roles: string[]) => {
    const actor = new Roles().actor(me, roles);
    it('has an inbox of their own', () => {
      for (const action of actions) expect(actor.can(action, own)).toBe(true);
    });
    it('knows of no other', () => {
      for (const action of [...actions, 'manage']) expect(actor.can(action, another)).toBe(false);
    });
  },
);
it('anonymous has no inbox', () => {
  const anonymous = new Roles().actor(null, []);
  for (const action of actions) {
    expect(anonymous.mayEver(action, 'Notification')).toBe(false);
    expect(anonymous.can(action, own)).toBe(false);
  }
});
it('no rule that an admin stores opens the inboxes of others', () => {
  const stored = new RoleSet([[{ action: 'manage', subject: 'Notification' }], [{ action: 'manage', subject: 'all' }]]);
  const actor = new Actor(
    { kind: 'user', id: me },
    { names: [], all: stored, everybodys: new RoleSet([]), everyAccounts: new RoleSet([]) },
  );
  for (const action of actions) {
    expect(actor.can(action, own)).toBe(true);
    expect(actor.can(action, another)).toBe(false);
  }
});
