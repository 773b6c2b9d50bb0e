import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seedAuditAccess } from './access-rows.js';
import { calls, rowOf, shownValue } from './calls.js';
import { expected } from './expected.js';
import { seedAudit } from './lists.js';
import { statements } from './statements.js';
import { auditCases } from './surfaces.js';
import { auditWorld } from './world.js';

export const auditTests = defineDomainTests({
  name: 'audit',
  world: auditWorld,
  surfaces: (w) => ({ auditEntries: auditCases(w) }),
  expected,
  matrix: { calls, rowOf, shownValue },
  lists: seedAudit,
  access: { seed: seedAuditAccess, subjects: { AuditEntry: ['actor', { actor: { ne: 'nobody' } }] } },
  statements,
});
