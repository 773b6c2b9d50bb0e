import { nowhere } from '#test/harness/callers.js';
import type { Calls } from '#test/harness/domain-tests.js';
import { list, read } from '#test/matrix/calls.js';
import { testIp, testUserAgent, type AuditWorld } from './world.js';

export const calls: Calls<AuditWorld> = {
  listAuditEntries: {
    'three about Ada, one about Grace': (w) =>
      list(
        'audit-entries',
        'auditEntries',
        Object.values(w.entries).map(({ id }) => id),
      ),
  },
  getAuditEntry: {
    'by Ada about Ada': (w) => read('audit-entries', 'auditEntry', w.entries.byAda.id),
    'by an admin about Ada': (w) => read('audit-entries', 'auditEntry', w.entries.byAdmin.id),
    'there is none': () => read('audit-entries', 'auditEntry', nowhere),
  },
};

/** By the one who did it; all are about Ada but Grace's. */
const byWhom = ({ entries }: AuditWorld, who: string) =>
  ({ ada: entries.byAda, admin: entries.byAdmin, anonymous: entries.byNobody, grace: entries.ofGrace })[who]!;
export const rowOf = { AuditEntry: (w: AuditWorld, who: string) => byWhom(w, who).id };

const made = (w: AuditWorld, id: string) => Object.values(w.entries).find((entry) => entry.id === id)!;
export const shownValue = {
  'AuditEntry.ip': () => testIp,
  'AuditEntry.userAgent': () => testUserAgent,
  'AuditEntry.before': (w: AuditWorld, id: string) => made(w, id).before,
  'AuditEntry.after': (w: AuditWorld, id: string) => made(w, id).after,
  'AuditEntry.erased': () => [],
};
