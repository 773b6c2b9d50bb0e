import { Audit, type AuditEvent } from '#libs/audit/audit.js';
import { createContext, runInContext } from '#libs/context/request-context.js';
import { Database } from '#libs/database/database.js';
import type { AccountName } from '#test/harness/callers.js';
import type { UsersWorld } from '#test/domains/users/world.js';

/** What an entry says that was made for the tests. */
export interface MadeEntry {
  readonly id: string;
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
}
export interface AuditPart {
  /** About Ada: by herself, by the admin, by nobody who is known; and one by Grace about Grace. */
  readonly entries: Readonly<Record<'byAda' | 'byAdmin' | 'byNobody' | 'ofGrace', MadeEntry>>;
  /** Something else that was done to this account. */
  makeEntry(by: AccountName | 'anonymous', about: AccountName, fields?: Partial<AuditEvent>): Promise<MadeEntry>;
}
export type AuditWorld = UsersWorld & AuditPart;

export const testIp = '203.0.113.7';
export const testUserAgent = 'Tests/1.0';

/** Entries with a canary in what is personal. */
export async function auditWorld({ app, ids }: UsersWorld): Promise<AuditPart> {
  const { sniffer } = app;
  const audit = app.app.get(Audit);
  const database = app.app.get(Database);
  let made = 0;
  const makeEntry: AuditPart['makeEntry'] = async (by, about, fields = {}) => {
    const secret = sniffer.plant(`audit-${++made}`, by === about ? [about, 'admin'] : ['admin']);
    const before = { displayName: `Before ${secret}`, roles: ['customer'] };
    const after = { displayName: `After ${secret}`, roles: [`test-${made}`] };
    const context = {
      ...createContext('test', {}),
      principal: by === 'anonymous' ? by : `user:${ids[by]}`,
      ip: testIp,
      userAgent: testUserAgent,
      clientId: 'tandem-web',
      sessionId: 'a-session',
      correlationId: `audit-${made}`,
    };
    await runInContext(context, () =>
      database.transaction(async (em) => {
        const person = ids[about];
        const event = { action: 'test.change', subject: 'Test', subjectId: `test-${made}`, personId: person };
        audit.record(em, { ...event, before, after, personal: ['displayName'], ...fields });
      }),
    );
    const [{ id }] = await app.database.sql<{ id: string }>(`select id from audit_entries where correlation_id = $1`, [
      `audit-${made}`,
    ]);
    return { id, before, after };
  };
  const entries = {
    byAda: await makeEntry('ada', 'ada'),
    byAdmin: await makeEntry('admin', 'ada', { action: 'test.refuse', outcome: 'DENIED' }),
    byNobody: await makeEntry('anonymous', 'ada', { action: 'test.try', outcome: 'FAILED' }),
    ofGrace: await makeEntry('grace', 'grace'),
  };
  return { entries, makeEntry };
}
