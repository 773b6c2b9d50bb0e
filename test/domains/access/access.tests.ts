import { defineDomainTests } from '#test/harness/domain-tests.js';
import { beyondSchemas } from './beyond-schemas.js';
import { calls } from './calls.js';
import { edits } from './edits.js';
import { expected } from './expected.js';
import { seedRoles } from './lists.js';
import { statements } from './statements.js';
import { explanationCases, permissionCases } from './permission-surfaces.js';
import { roleCases } from './surfaces.js';
import { accessWorld } from './world.js';

export const accessTests = defineDomainTests({
  name: 'access',
  world: accessWorld,
  surfaces: async (w) => ({
    permissions: permissionCases(w),
    explanations: explanationCases(w),
    roles: await roleCases(w),
  }),
  expected,
  matrix: { calls },
  beyondSchemas,
  lists: seedRoles,
  shortLists: ['roles by createdAt'],
  edits,
  statements,
});
