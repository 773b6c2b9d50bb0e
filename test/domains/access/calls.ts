import type { Calls } from '#test/harness/domain-tests.js';
import { read } from '#test/matrix/calls.js';
import type { UsersWorld } from '#test/domains/users/world.js';

const supportRole = '01900000-0000-7000-8000-000000000002';

export const calls: Calls<UsersWorld> = {
  listRoles: { all: () => ({ rest: ['GET', '/v1/roles'], graphql: ['roles', {}] }) },
  getRole: { 'a built-in one': () => read('roles', 'role', supportRole) },
};
