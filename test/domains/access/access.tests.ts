import type { UsersWorld } from '#test/domains/users/world.js';
import { defineDomainTests } from '#test/harness/domain-tests.js';
import { calls } from './calls.js';
import { expected } from './expected.js';
import { seedRoles } from './lists.js';
import { roleCases } from './surfaces.js';

export const accessTests = defineDomainTests<UsersWorld, object>({
  name: 'access',
  surfaces: () => ({ roles: roleCases() }),
  expected,
  matrix: { calls },
  lists: seedRoles,
  shortLists: ['roles by createdAt'],
});
