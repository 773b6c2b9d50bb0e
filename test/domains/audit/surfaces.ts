import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import type { AuditWorld } from './world.js';

const ofEntry =
  'id at action outcome actor actorId actedBy clientId sessionId ip userAgent correlationId subject subjectId personId before after erased'.split(
    ' ',
  );
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });
const gone: Rest = { outcome: 'AUDIT_ENTRY_NOT_FOUND' };

export function auditCases({ entries, ids }: AuditWorld): SurfaceTable {
  const { byAda, byAdmin, byNobody, ofGrace } = entries;
  const list = (name: string, query: string, filter: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/audit-entries${query && `?${query}`}`],
    graphql: ['auditEntries', Object.keys(filter).length > 0 ? { filter } : {}],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `shows ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/audit-entries/${id}`],
    graphql: ['auditEntry', { id }],
    ...rest,
  });
  const refused = { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true };
  return {
    list: ofEntry,
    document: ofEntry,
    cases: [
      list('all, the newest first', 'subject=Test', { subject: { eq: 'Test' } }, { rows: 4 }),
      list('the oldest first', 'sort=at', {}, { graphql: ['auditEntries', { sort: [{ field: 'AT' }] }] }),
      list('a first page', 'limit=1', {}, { graphql: ['auditEntries', { first: 1 }], rows: 1 }),
      list('an action', 'action=test.change', { action: { eq: 'test.change' } }, { rows: 2 }),
      list('actions', 'action=test.change,test.try', { action: { in: ['test.change', 'test.try'] } }, { rows: 3 }),
      list('what was refused, counted', 'outcome=DENIED&count=true', { outcome: { eq: 'DENIED' } }, { rows: 1 }),
      list('of a person', `personId=${ids.ada}`, { personId: { eq: ids.ada } }, { rows: 3 }),
      list('of an account that did it', `actorId=${ids.ada}`, { actorId: { eq: ids.ada } }, { rows: 1 }),
      list('of nobody who is known', 'actor=anonymous', { actor: { eq: 'anonymous' } }, { rows: 1 }),
      list(
        'of a thing',
        'subject=Test&subjectId=test-1',
        { subject: { eq: 'Test' }, subjectId: { eq: 'test-1' } },
        { rows: 1 },
      ),
      list('of a request', 'correlationId=audit-2', { correlationId: { eq: 'audit-2' } }, { rows: 1 }),
      list(
        'a time',
        'at[gte]=2020-01-01T00:00:00Z&at[lt]=2020-01-02T00:00:00Z',
        { at: { gte: '2020-01-01T00:00:00Z', lt: '2020-01-02T00:00:00Z' } },
        { rows: 0 },
      ),
      list('what was done to one’s own account', '', {}, { as: 'ada', rows: 3 }),
      list('nothing of others for support', '', {}, { as: 'support', rows: 0 }),
      list(
        'nothing of others, whoever is asked for',
        `personId=${ids.grace}`,
        { personId: { eq: ids.grace } },
        { as: 'ada', rows: 0 },
      ),
      list('not by what nobody can look at', 'ip=203.0.113.7', { ip: { eq: '203.0.113.7' } }, refused),
      list('not by values', 'after[contains]=x', { after: { contains: 'x' } }, refused),
      list(
        'not by what is no outcome',
        'outcome=GOOD',
        { outcome: { eq: 'GOOD' } },
        { ...failed('outcome ENUM'), refusedBySchema: true },
      ),
      list('not by what is no id', 'personId=x', { personId: { eq: 'x' } }, failed('personId FORMAT')),
      list('nothing for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),

      read('one with what is personal', byAda.id, { shows: { before: byAda.before, after: byAda.after, erased: [] } }),
      read('one to who did it', byAda.id, { as: 'ada', shows: { after: byAda.after, ip: '203.0.113.7' } }),
      read('one to whom it is about, without details', byAdmin.id, { as: 'ada', shows: { action: 'test.refuse' } }),
      read('where a try came from', byNobody.id, { as: 'ada', shows: { ip: '203.0.113.7', userAgent: 'Tests/1.0' } }),
      read('parts of one', byAda.id, { fields: ['after', 'erased'] }),
      read('nothing of another', ofGrace.id, { as: 'ada', ...gone }),
      read('nothing of another to support', byAda.id, { as: 'support', ...gone }),
      read('nothing that there is not', nowhere, gone),
      read('nothing by what is no id', 'latest', gone),
      read('nothing to anonymous', byAda.id, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    ],
  };
}
