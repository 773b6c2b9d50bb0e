import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seedSessionAccess } from './access-rows.js';
import { calls, paths, rowOf } from './calls.js';
import { expected } from './expected.js';
import { seedSessions } from './lists.js';
import { statements } from './statements.js';
import { endAllCases, sessionCases } from './surfaces.js';
import { sessionsWorld } from './world.js';

export const sessionsTests = defineDomainTests({
  name: 'sessions',
  world: sessionsWorld,
  surfaces: (w) => ({ sessions: sessionCases(w), endedSessions: endAllCases(w) }),
  expected,
  matrix: { calls, paths, rowOf },
  lists: seedSessions,
  access: { seed: seedSessionAccess, subjects: { Session: null } },
  statements,
});
