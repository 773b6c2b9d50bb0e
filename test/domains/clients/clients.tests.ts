import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seedClientAccess } from './access-rows.js';
import { beyondSchemas } from './beyond-schemas.js';
import { calls } from './calls.js';
import { edits } from './edits.js';
import { expected } from './expected.js';
import { seedClients } from './lists.js';
import { statements } from './statements.js';
import { clientCases } from './surfaces.js';
import { clientsWorld } from './world.js';

export const clientsTests = defineDomainTests({
  name: 'clients',
  world: clientsWorld,
  surfaces: clientCases,
  expected,
  matrix: { calls },
  beyondSchemas,
  lists: seedClients,
  access: { seed: seedClientAccess, subjects: { Client: null } },
  edits,
  statements,
});
