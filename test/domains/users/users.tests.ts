import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seedUserAccess } from './access-rows.js';
import { calls } from './calls.js';
import { edits } from './edits.js';
import { expected } from './expected.js';
import { seedUsers } from './lists.js';
import { statements } from './statements.js';
import { userCases } from './surfaces.js';
import { usersWorld, type UsersWorld } from './world.js';

export const usersTests = defineDomainTests({
  name: 'users',
  world: usersWorld,
  surfaces: (w) => ({ users: userCases(w) }),
  expected,
  matrix: { calls, rowOf: { User: ({ ids }: UsersWorld, whose) => ids[whose as keyof UsersWorld['ids']] } },
  lists: seedUsers,
  access: { seed: seedUserAccess, subjects: { User: ['email', { email: { contains: '@tandem' } }] } },
  edits,
  statements,
});
