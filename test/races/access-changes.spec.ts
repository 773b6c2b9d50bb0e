import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessSource, AccessState } from '#libs/authn/access-state.js';
import { Roles } from '#libs/authz/roles.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';
import { confusions } from './callers.js';

let world: World;
let other: TestApp;
beforeAll(async () => {
  world = await startWorld();
  const { database, issuer, sniffer } = world.app;
  other = await TestApp.start({ database, issuer, sniffer });
});
afterAll(async () => {
  await other.stop();
  await world.app.stop();
});

/** Until `holds` says so; the promise is two seconds, which a busy machine may stretch, so no time decides. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !(await holds()); i++) await pause(50);
  expect(await holds()).toBe(true);
}

describe('on two instances over one database', () => {
  it('a suspension holds at once where it was made, and with the next poll elsewhere', async () => {
    const id = await world.makeUser();
    const here = await world.app.as('somebody', id);
    const there = await other.as('somebody', id);
    expect([(await here.get('/v1/users/me')).status, (await there.get('/v1/users/me')).status]).toEqual([200, 200]);
    expect((await world.clients.admin.post(`/v1/users/${id}/suspend`, { reason: 'test' })).status).toBe(200);
    const refused = await here.get('/v1/users/me');
    expect([refused.status, refused.body.error.code]).toEqual([403, 'ACCOUNT_SUSPENDED']);
    await eventually(async () => (await there.get('/v1/users/me')).status === 403);
    expect((await there.graphql('{ me { id } }')).code).toBe('ACCOUNT_SUSPENDED');
    expect((await world.clients.admin.post(`/v1/users/${id}/reactivate`)).status).toBe(200);
    expect((await here.get('/v1/users/me')).status).toBe(200);
    await eventually(async () => (await there.get('/v1/users/me')).status === 200);
  });
  it('roles come and go, whoever writes them', async () => {
    const id = await world.makeUser();
    const there = await other.as('somebody', id);
    expect((await there.get('/v1/users')).body.data.map((u: { id: string }) => u.id)).toEqual([id]);
    await world.app.database.sql(`update users set roles = '{customer,admin}' where id = $1`, [id]);
    await eventually(async () => (await there.get('/v1/roles')).status === 200);
    await world.app.database.sql(`update users set roles = '{customer}' where id = $1`, [id]);
    await eventually(async () => (await there.get('/v1/roles')).status === 403);
  });
  it('rules that are stored for a role hold, and are taken back', async () => {
    const id = await world.makeUser({ roles: ['customer', 'auditor'] });
    const there = await other.as('somebody', id);
    expect((await there.get('/v1/roles')).status).toBe(403);
    await world.app.database.sql(
      `insert into roles (id, name, description, rules) values (gen_random_uuid(), 'auditor', 'Reads roles', $1)`,
      [JSON.stringify([{ action: 'read', subject: 'Role' }])],
    );
    await eventually(async () => (await there.get('/v1/roles')).status === 200);
    await world.app.database.sql(`update roles set rules = '[]' where name = 'auditor'`);
    await eventually(async () => (await there.get('/v1/roles')).status === 403);
  });
  it('a change in a transaction that commits late is not missed', async () => {
    const id = await world.makeUser();
    const there = await other.as('somebody', id);
    expect((await there.get('/v1/users/me')).status).toBe(200);
    // Its transaction id is older than what the polls see meanwhile.
    await world.app.database.sql('begin; select pg_current_xact_id(); commit');
    const pg = await import('pg');
    const late = new pg.default.Client({ connectionString: world.app.database.ownerUrl });
    await late.connect();
    await late.query('begin');
    await late.query(`update users set status = 'SUSPENDED' where id = $1`, [id]);
    for (let i = 0; i < 3; i++) {
      await world.makeUser();
      await other.app.get(AccessState).refresh();
    }
    expect((await there.get('/v1/users/me')).status).toBe(200);
    await late.query('commit');
    await late.end();
    await other.app.get(AccessState).refresh();
    expect((await there.get('/v1/users/me')).status).toBe(403);
  });
});

it('many callers at once are each answered as themselves', async () => {
  expect(await confusions(world)).toEqual([]);
});

describe('an account that is being loaded while it changes', () => {
  const account = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
  /** Answers a load only when told, with what was true when the load began. */
  class GatedSource extends AccessSource {
    suspended = false;
    changed: string[] = [];
    private waiting: (() => void)[] = [];
    changes() {
      const accounts = this.changed;
      this.changed = [];
      return Promise.resolve({ position: '1', accounts, clients: [], roles: false, endedSessions: [] });
    }
    accounts([id]: readonly string[]) {
      const account = { suspended: this.suspended, roles: [] };
      return new Promise<Map<string, typeof account>>((resolve) =>
        this.waiting.push(() => resolve(new Map([[id, account]]))),
      );
    }
    serviceClient() {
      return Promise.resolve(undefined);
    }
    endedClients() {
      return Promise.resolve([]);
    }
    rules() {
      return Promise.resolve(new Map<string, never[]>());
    }
    open(): void {
      for (const answer of this.waiting.splice(0)) answer();
    }
  }
  it('is loaded again', async () => {
    const source = new GatedSource();
    const state = new AccessState(source, new Roles(), { warn: () => undefined } as never);
    await state.refresh();
    const loading = state.of(account);
    await pause(0);
    source.suspended = true;
    source.changed = [account];
    await state.refresh();
    source.open();
    await pause(0);
    source.open();
    expect((await loading)?.suspended).toBe(true);
  });
  it('is not asked for twice by two requests', async () => {
    const source = new GatedSource();
    const state = new AccessState(source, new Roles(), { warn: () => undefined } as never);
    await state.refresh();
    const both = [state.of(account), state.of(account)];
    await pause(0);
    source.open();
    const [one, two] = await Promise.all(both);
    expect(one).toBe(two);
  });
});
