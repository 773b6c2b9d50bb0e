import { AuditEntry } from '#libs/audit/audit-entry.entity.js';
import { ErasedFields, SealedOrigin, SealedValues } from '#libs/audit/sealed.js';
import { resource } from '#libs/database/resource.js';
import { AuditEntryView } from './audit.contract.js';

/** What is sealed comes out as `Sealed`, which the service opens. */
const sealedValues = (part: 'before' | 'after', property: 'openBefore' | 'openAfter') => ({
  from: ['id', 'personId', property, 'personal'],
  value: ([id, person, values, personal]: readonly any[]) =>
    new SealedValues(id, person, part, values, personal) as never,
});
const sealedOrigin = (part: 'ip' | 'userAgent') => ({
  from: ['id', 'originOwner', 'origin'],
  value: ([id, owner, origin]: readonly any[]) => new SealedOrigin(id, owner, part, origin) as never,
});

export const auditEntries = resource({
  name: 'auditEntry',
  plural: 'auditEntries',
  view: AuditEntryView,
  entity: AuditEntry,
  subject: 'AuditEntry',
  filters: {
    id: ['in'],
    at: ['gte', 'lt'],
    action: ['eq', 'in'],
    outcome: ['eq', 'in'],
    actor: ['eq', 'ne'],
    actorId: ['eq'],
    subject: ['eq', 'in'],
    subjectId: ['eq'],
    personId: ['eq'],
    correlationId: ['eq'],
  },
  sorts: ['at'],
  defaultSort: '-at',
  computed: {
    before: sealedValues('before', 'openBefore'),
    after: sealedValues('after', 'openAfter'),
    ip: sealedOrigin('ip'),
    userAgent: sealedOrigin('userAgent'),
    erased: {
      from: ['id', 'personId', 'sealedFields', 'personal'],
      value: ([id, person, names, personal]) => new ErasedFields(id, person, names, personal) as never,
    },
  },
});
