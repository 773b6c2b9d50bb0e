import { nowhere } from '#test/harness/callers.js';
import type { Call, Calls } from '#test/harness/domain-tests.js';
import { command, list, read } from '#test/matrix/calls.js';
import type { Caller } from '#test/matrix/expectations.js';
import type { UsersWorld } from './world.js';

const own = (w: UsersWorld, caller: Caller) => (caller === 'anonymous' ? w.ids.ada : w.ids[caller]);
const rolesOf = (caller: Caller) =>
  caller === 'support' || caller === 'manager' || caller === 'admin' ? ['customer', caller] : ['customer'];
const setRoles = (id: string, input: object): Call => ({
  rest: ['PUT', `/v1/users/${id}/roles`, input],
  graphql: ['setUserRoles', { id, input }],
});

export const calls: Calls<UsersWorld> = {
  listUsers: { 'Ada and Grace': (w) => list('users', 'users', [w.ids.ada, w.ids.grace]) },
  me: { 'the profile': () => ({ rest: ['GET', '/v1/users/me'], graphql: ['me', {}] }) },
  updateMe: {
    'the profile': () => {
      const input = { timeZone: 'Europe/Vienna' };
      return { rest: ['PATCH', '/v1/users/me', input], graphql: ['updateMe', { input }] };
    },
  },
  getUser: {
    Ada: (w) => read('users', 'user', w.ids.ada),
    'a suspended account': (w) => read('users', 'user', w.ids.suspended),
    'there is none': () => read('users', 'user', nowhere),
  },
  suspendUser: {
    'a customer': async (w) =>
      command('users', 'suspend', 'suspendUser', await w.makeUser(), { reason: 'For the test' }),
    oneself: (w, caller) => command('users', 'suspend', 'suspendUser', own(w, caller), {}),
  },
  reactivateUser: {
    'a suspended account': async (w) =>
      command('users', 'reactivate', 'reactivateUser', await w.makeUser({ status: 'SUSPENDED' })),
  },
  setUserRoles: {
    'of a customer': async (w) => setRoles(await w.makeUser(), { roles: ['support'] }),
    'of oneself': (w, caller) => setRoles(own(w, caller), { roles: rolesOf(caller) }),
  },
};
