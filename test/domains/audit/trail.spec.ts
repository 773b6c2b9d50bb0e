import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Audit } from '#libs/audit/audit.js';
import { AuditReports } from '#libs/audit/audit-reports.js';
import type { PinoLogger } from 'nestjs-pino';
import { Database } from '#libs/database/database.js';
import { startWorldOf } from '#test/harness/world.js';
import { erasure, verify } from './checks.js';
import { auditTests } from './audit.tests.js';
import type { AuditWorld } from './world.js';

let w: AuditWorld;
beforeAll(async () => {
  w = await startWorldOf(auditTests);
});
afterAll(() => w.app.stop());

const about = async (id: string) =>
  (await w.clients.admin.get(`/v1/audit-entries?subjectId=${id}&sort=at`)).body.data as Record<string, any>[];
const stored = async (id: string) =>
  w.app.database.sql(`select e::text as row from audit_entries e where id = $1`, [id]);

describe('what somebody does to an account is told', () => {
  it('with who, from where, before and after', async () => {
    const id = await w.makeUser();
    await w.clients.admin.post(`/v1/users/${id}/suspend`, { reason: 'Chargeback 4711' });
    await w.clients.admin.put(`/v1/users/${id}/roles`, { roles: ['support'] });
    await w.clients.admin.post(`/v1/users/${id}/reactivate`);
    const told = await about(id);
    const by = {
      actor: `user:${w.ids.admin}`,
      actorId: w.ids.admin,
      ip: '127.0.0.1',
      userAgent: 'node',
      outcome: 'DONE',
    };
    expect(told).toMatchObject([
      {
        ...by,
        action: 'user.suspend',
        personId: id,
        before: { status: 'ACTIVE', suspensionReason: null },
        after: { status: 'SUSPENDED', suspensionReason: 'Chargeback 4711' },
      },
      { ...by, action: 'user.set-roles', before: { roles: ['customer'] }, after: { roles: ['support'] } },
      { ...by, action: 'user.reactivate', after: { status: 'ACTIVE', suspensionReason: null } },
    ]);
    const [{ row }] = await stored(told[0].id);
    expect(row).toContain('SUSPENDED');
    expect(row).not.toMatch(/Chargeback|127\.0\.0\.1/);
  });
  it('by its owner too, with values as they are on the wire', async () => {
    await w.app.database.sql(`update users set preferences = '{"theme": "dark"}' where id = $1`, [w.ids.grace]);
    await w.clients.grace.patch('/v1/users/me', { preferences: { size: 2 }, timeZone: 'Europe/Vienna' });
    const [entry] = (await w.clients.grace.get('/v1/audit-entries?action=user.update')).body.data;
    expect(entry).toMatchObject({
      before: { preferences: { theme: 'dark' }, timeZone: 'UTC' },
      after: { preferences: { theme: 'dark', size: 2 }, timeZone: 'Europe/Vienna' },
    });
  });
  it('and not when it did not happen', async () => {
    const id = await w.makeUser();
    const refused = await w.clients.admin.put(`/v1/users/${id}/roles`, { roles: ['no-such-role'] });
    expect(refused.status).toBe(400);
    await expect(
      w.app.app.get(Database).transaction(async (em) => {
        w.app.app.get(Audit).record(em, { action: 'test.fail', subject: 'User', subjectId: id });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await about(id)).toEqual([]);
  });
  it('as the system’s doing where nobody asked for it', async () => {
    const subjectId = crypto.randomUUID();
    await w.app.app
      .get(Database)
      .transaction(async (em) => w.app.app.get(Audit).record(em, { action: 'test.run', subject: 'Test', subjectId }));
    expect(await about(subjectId)).toMatchObject([{ actor: 'system', actorId: null, ip: null }]);
  });
  it('whatever the client sends as its name', async () => {
    const headers = { 'user-agent': `x"'é${'y'.repeat(300)}` };
    const answer = await w.clients.ada.patch('/v1/users/me', { timeZone: 'Europe/Berlin' }, headers);
    expect(answer.status).toBe(200);
    const [entry] = (await w.clients.ada.get('/v1/audit-entries?action=user.update')).body.data;
    expect(entry.userAgent).toHaveLength(256);
  });
});

it('the serving role can neither change nor cut the trail, nor can the owner by mistake', async () => {
  const serving = (text: string) => w.app.app.get(Database).transaction((em) => em.execute(text));
  for (const table of ['audit_entries', 'audit_seals'])
    for (const text of [`update ${table} set at = now()`, `delete from ${table}`, `truncate ${table}`]) {
      await expect(serving(text), text).rejects.toThrow(/permission denied/);
      await expect(w.app.database.sql(text), text).rejects.toThrow(/never changed/);
    }
  await expect(serving('alter table audit_entries disable trigger all')).rejects.toThrow(/must be owner/);
});

it('what is personal is gone with the key, and nothing else is', async () => {
  const { told, texts } = await erasure(w);
  expect(told).toMatchObject([
    {
      action: 'user.suspend',
      before: { status: 'ACTIVE' },
      after: { status: 'SUSPENDED' },
      erased: ['suspensionReason'],
    },
    { action: 'person.erase', actor: 'system', personId: told[0].personId },
    {
      action: 'user.reactivate',
      before: { status: 'SUSPENDED' },
      after: { status: 'ACTIVE' },
      erased: ['suspensionReason'],
    },
  ]);
  expect(told[0].ip).toBe('127.0.0.1');
  expect(texts).not.toContain('Chargeback 4711');
  expect((await verify(w)).problem).toBeUndefined();
});

describe('what was refused is told', () => {
  const refused = async (who: 'ada' | 'anonymous') =>
    (
      await w.clients.admin.get(
        `/v1/audit-entries?outcome=DENIED&action=access.refuse&personId=${who === 'ada' ? w.ids.ada : w.ids.grace}`,
      )
    ).body.data;
  it('where nothing allows the caller the operation, once a request', async () => {
    const before = (await refused('ada')).length;
    expect((await w.clients.ada.post(`/v1/users/${w.ids.grace}/suspend`, {})).status).toBe(403);
    await w.clients.ada.graphql(
      'mutation ($id: ID!) { a: reactivateUser(id: $id) { id } b: reactivateUser(id: $id) { id } }',
      {
        id: w.ids.grace,
      },
    );
    await w.clients.anonymous.post(`/v1/users/${w.ids.grace}/suspend`, {});
    await w.app.app.get(AuditReports).report({ action: 'test.done' });
    expect((await refused('ada')).slice(before - 0, 2)).toMatchObject([
      { actor: `user:${w.ids.ada}`, subject: 'User', after: { action: 'reactivate' }, ip: '127.0.0.1' },
      { after: { action: 'suspend', operation: 'POST /v1/users/:id/suspend' } },
    ]);
    expect(await refused('ada')).toHaveLength(before + 2);
  });
  it('and costs who reports it neither an error nor the wait when the database does not answer', async () => {
    const log: unknown[] = [];
    const broken = { transaction: () => Promise.reject(new Error('away')) } as unknown as Database;
    const logger = { error: (line: unknown) => log.push(line) } as unknown as PinoLogger;
    const reports = new AuditReports(broken, w.app.app.get(Audit), logger);
    await Promise.all(Array.from({ length: 1500 }, () => reports.report({ action: 'test.try', outcome: 'FAILED' })));
    expect(log).toHaveLength(1500);
    expect(log[0]).toMatchObject({ action: 'test.try', outcome: 'FAILED', actor: 'system' });
  });
});
