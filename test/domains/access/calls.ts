import { randomBytes } from 'node:crypto';
import { nowhere } from '#test/harness/callers.js';
import type { Call, Calls } from '#test/harness/domain-tests.js';
import { create, read, remove, update } from '#test/matrix/calls.js';
import type { AccessWorld } from './world.js';

const supportRole = '01900000-0000-7000-8000-000000000002';
const rules = [{ action: ['read'], subject: 'User', fields: ['email'] }];

const explain = { action: 'read', subject: 'User' };
const question = 'action=read&subject=User';
const permissions = (id: string): Call => ({
  rest: ['GET', `/v1/users/${id}/permissions`],
  graphql: ['userPermissions', { id }],
});

export const calls: Calls<AccessWorld> = {
  listRoles: {
    all: () => ({ rest: ['GET', '/v1/roles?builtIn=true'], graphql: ['roles', { filter: { builtIn: { eq: true } } }] }),
  },
  getRole: { 'a built-in one': () => read('roles', 'role', supportRole) },
  createRole: { one: () => create('roles', 'createRole', { name: `new-${randomBytes(6).toString('hex')}`, rules }) },
  updateRole: {
    'one of an admin': async (w) => update('roles', 'updateRole', (await w.makeRole()).id, { rules }),
    'a built-in one': () => update('roles', 'updateRole', supportRole, { description: 'Helps.' }),
  },
  getMyPermissions: {
    'one’s own': () => ({ rest: ['GET', '/v1/users/me/permissions'], graphql: ['myPermissions', {}] }),
  },
  explainMyPermission: {
    'reading users': () => ({
      rest: ['GET', `/v1/users/me/permissions/explain?${question}`],
      graphql: ['explainMyPermission', { input: explain }],
    }),
  },
  getUserPermissions: {
    'of a customer': (w) => permissions(w.ids.ada),
    'there is none': () => permissions(nowhere),
  },
  explainUserPermission: {
    'of a customer': (w) => ({
      rest: ['GET', `/v1/users/${w.ids.ada}/permissions/explain?${question}`],
      graphql: ['explainUserPermission', { id: w.ids.ada, input: explain }],
    }),
  },
  deleteRole: {
    'one of an admin': async (w) => remove('roles', 'deleteRole', (await w.makeRole()).id),
    'a built-in one': () => remove('roles', 'deleteRole', supportRole),
  },
};
