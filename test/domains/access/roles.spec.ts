import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from '#libs/authz/rules.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorldOf } from '#test/harness/world.js';
import { accessTests } from './access.tests.js';
import type { AccessWorld } from './world.js';

let world: AccessWorld;
let other: TestApp;
beforeAll(async () => {
  world = await startWorldOf(accessTests);
  const { database, issuer, sniffer } = world.app;
  other = await TestApp.start({ database, issuer, sniffer });
});
afterAll(async () => {
  await other.stop();
  await world.app.stop();
});
const rule = (more: object = {}) => ({ action: ['read'], subject: 'Role', ...more });

/** Until `holds` says so; the promise is two seconds, which a busy machine may stretch, so no time decides. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !(await holds()); i++) await pause(50);
  expect(await holds()).toBe(true);
}

it('rules that an admin gives and takes hold here at once, and elsewhere with the next poll', async () => {
  const { admin } = world.clients;
  const made = await admin.post('/v1/roles', { name: 'auditor', rules: [rule()] });
  expect(made.status).toBe(201);
  const path = made.headers.get('location')!;
  const id = await world.makeUser({ roles: ['customer', 'auditor'] });
  const here = await world.app.as('somebody', id);
  const there = await other.as('somebody', id);
  expect((await here.get('/v1/roles')).status).toBe(200);
  await eventually(async () => (await there.get('/v1/roles')).status === 200);
  expect((await admin.patch(path, { rules: [rule(), rule({ inverted: true })] })).status).toBe(200);
  expect((await here.get('/v1/roles')).status).toBe(403);
  await eventually(async () => (await there.get('/v1/roles')).status === 403);
});

it('why a rule is there is told to who may see roles, and not to who holds them', async () => {
  const { admin } = world.clients;
  const reason = 'Asked for by the works council';
  const rules = [{ action: ['read'], subject: 'Client', reason }];
  expect((await admin.post('/v1/roles', { name: 'reasoned', rules })).status).toBe(201);
  const id = await world.makeUser({ roles: ['customer', 'reasoned'] });
  const holder = await world.app.as('somebody', id);
  const question = 'permissions/explain?action=read&subject=Client';
  for (const path of ['permissions', question]) {
    expect((await admin.get(`/v1/users/${id}/${path}`)).text).toContain(reason);
    const own = await holder.get(`/v1/users/me/${path}`);
    expect([own.status, own.text.includes('reasoned'), own.text.includes(reason)]).toEqual([200, true, false]);
  }
});
describe('raced', () => {
  it('a role is given or deleted, and nobody holds one that is gone', { timeout: 60_000 }, async () => {
    const { admin } = world.clients;
    const there = await other.as('admin', world.ids.admin);
    const told = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const role = await world.makeRole();
      const user = await world.makeUser();
      const [given, gone] = await Promise.all([
        admin.rest('PUT', `/v1/users/${user}/roles`, { body: { roles: ['customer', role.name] } }),
        there.rest('DELETE', `/v1/roles/${role.id}`),
      ]);
      const isGiven = given.status === 200;
      expect([given.status, gone.status]).toEqual(isGiven ? [200, 409] : [400, 204]);
      expect(isGiven ? gone.body.error.code : given.body.error.details[0].code).toBe(
        isGiven ? 'ROLE_IN_USE' : 'NOT_FOUND',
      );
      told.add(isGiven ? 'given' : 'deleted');
    }
    expect(told.size).toBeGreaterThan(0);
    expect(
      await world.app.database.sql(
        `select u.id from users u, unnest(u.roles) name where name like 'made-%'
           and not exists (select from roles where roles.name = name.name and deleted_at is null)`,
      ),
    ).toEqual([]);
  });
  it('two roles of one name: one is made', async () => {
    const clients = [world.clients.admin, await other.as('admin', world.ids.admin)];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => clients[i % 2].post('/v1/roles', { name: 'twice' })),
    );
    expect(answers.map((a) => a.status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 409),
    ]);
  });
  it('two admins who take the role from each other: one stays', { timeout: 60_000 }, async () => {
    await world.app.database.sql(`update users set roles = '{customer}' where id = $1`, [world.ids.admin]);
    for (let round = 0; round < 6; round++) {
      const ids = [await world.makeUser({ roles: ['admin'] }), await world.makeUser({ roles: ['admin'] })];
      const clients = [await world.app.as('one', ids[0]), await other.as('other', ids[1])];
      const answers = await Promise.all(
        clients.map((client, i) =>
          client.rest('PUT', `/v1/users/${ids[1 - i]}/roles`, { body: { roles: ['customer'] } }),
        ),
      );
      expect(answers.map((a) => a.status).toSorted((a, b) => a - b)[0]).toBe(200);
      const left = await world.app.database.sql<{ id: string }>(
        `select id from users where roles @> '{admin}' and status = 'ACTIVE'`,
      );
      expect(left).toHaveLength(1);
      await world.app.database.sql(`update users set roles = '{customer}' where id = any($1)`, [ids]);
    }
    await world.app.database.sql(`update users set roles = '{customer,admin}' where id = $1`, [world.ids.admin]);
  });
});

it('a role that a service holds stays', async () => {
  const role = await world.makeRole();
  await world.app.database.sql(
    `insert into clients (id, client_id, name, kind, auth_method, roles)
     values (gen_random_uuid(), 'holder', 'Holder', 'SERVICE', 'CLIENT_SECRET', array[$1])`,
    [role.name],
  );
  const kept = await world.clients.admin.rest('DELETE', `/v1/roles/${role.id}`);
  expect([kept.status, kept.body.error.code]).toEqual([409, 'ROLE_IN_USE']);
});
it('a name is free again when its role is gone', async () => {
  const { admin } = world.clients;
  const first = await admin.post('/v1/roles', { name: 'again' });
  expect((await admin.rest('DELETE', first.headers.get('location')!)).status).toBe(204);
  expect((await admin.post('/v1/roles', { name: 'again' })).status).toBe(201);
});
describe('the database itself', () => {
  it.each([
    [
      'gives no rules to admins',
      `update roles set rules = '[{"action": "read", "subject": "User", "inverted": true}]' where name = 'admin'`,
    ],
    ['keeps the role of admins', `update roles set deleted_at = now() where name = 'admin'`],
    [
      'has no role of everybody',
      `insert into roles (id, name, description) values (gen_random_uuid(), 'anonymous', '')`,
    ],
  ])('%s', async (_name, text) => {
    await expect(world.app.database.sql(text)).rejects.toThrow('check constraint');
  });
});
it('what is wrong with a rule is named with what is allowed', () => {
  expect(problemsOf({ action: ['fly'], subject: 'Role' })).toEqual([
    { field: 'action.0', code: 'ENUM', params: { allowed: 'create, delete, manage, read, update' } },
  ]);
});
it('tokens that may do less give less', async () => {
  const { admin } = world.clients;
  const narrow = await world.app.issuer.token(world.ids.admin, { scope: 'roles:write' });
  const headers = { authorization: `Bearer ${narrow}` };
  const make = (rules: object[], name: string) =>
    world.app.anonymous.rest('POST', '/v1/roles', { body: { name, rules }, headers });
  expect((await make([rule()], 'within')).status).toBe(201);
  const refused = await make([rule(), { action: ['read'], subject: 'User' }], 'beyond');
  expect([refused.status, refused.body.error.code]).toEqual([403, 'BEYOND_OWN_RIGHTS']);
  expect(refused.body.error.details.map((d: { field: string }) => d.field)).toEqual(['rules.1']);
  expect((await admin.get('/v1/roles?name=beyond')).body.data).toEqual([]);
});
