import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';
import { migrations } from '#src/migrations.js';
import { Connection } from '#libs/doctor/connection.js';
import {
  clock,
  connections,
  ownerRole,
  pendingMigrations,
  servingRole,
  settings,
  signingKeys,
  transactions,
  version,
} from '#libs/doctor/database-checks.js';
import type { Finding } from '#libs/doctor/finding.js';

let database: TestDatabase;
let admin: pg.Client;
let serving: Connection;
let owner: Connection;
/** A role of this file's own: roles are the whole server's. */
const role = `doctor_${randomBytes(4).toString('hex')}`;
let stranger: Connection;
const urlOf = (name: string, password: string) => {
  const url = new URL(database.servingUrl);
  Object.assign(url, { username: name, password });
  return url.href;
};
/** Runs the statements as superuser in the database, and others after the work. */
async function with_<T>(before: string, after: string, work: () => Promise<T>): Promise<T> {
  await admin.query(before);
  try {
    return await work();
  } finally {
    await admin.query(after);
  }
}
const statuses = (findings: readonly Finding[]) => findings.map(({ status }) => status);

beforeAll(async () => {
  const urls = inject('testDatabase');
  database = await TestDatabase.clone(urls);
  admin = new pg.Client({ connectionString: urls.adminUrl.replace(/\/[^/]*$/, `/${database.name}`) });
  await admin.connect();
  await admin.query(`create role ${role} login password 'secret'`);
  await admin.query(`grant connect on database ${database.name} to ${role}`);
  await admin.query(`grant usage on schema public to ${role}`);
  serving = await Connection.open(database.servingUrl);
  owner = await Connection.open(database.ownerUrl);
  stranger = await Connection.open(urlOf(role, 'secret'));
});
afterAll(async () => {
  for (const connection of [serving, owner, stranger]) await connection?.close();
  await admin?.query(`drop owned by ${role}`);
  await admin?.query(`drop role ${role}`);
  await admin?.end();
  await database?.drop();
});

it('the version is one that is supported, and it can be written', async () => {
  expect(await version(serving)).toEqual([
    { check: 'version', status: 'ok', message: expect.stringMatching(/^PostgreSQL 1\d/) },
  ]);
});

describe('the role that serves', () => {
  it('is right as migrations leave it', async () => {
    expect(statuses(await servingRole(serving, { production: true }))).toEqual(['ok']);
  });
  it('that owns the tables is a problem in production, and a warning elsewhere', async () => {
    const [finding] = await servingRole(owner, { production: true });
    expect(finding).toMatchObject({
      status: 'problem',
      message: expect.stringMatching(/^tandem_owner owns.* attempts, /),
    });
    expect(statuses(await servingRole(owner, { production: false }))).toEqual(['warning']);
  });
  it('that belongs to the owner is the same', async () => {
    const found = await with_(`grant tandem_owner to ${role}`, `revoke tandem_owner from ${role}`, () =>
      servingRole(stranger, { production: true }),
    );
    expect(found[0]).toMatchObject({ status: 'problem', message: expect.stringContaining('belongs to the owner') });
  });
  it('that may create tables is told how to give that up', async () => {
    const findings = await with_(
      `grant create on schema public to tandem_app`,
      `revoke create on schema public from tandem_app`,
      () => servingRole(serving, { production: true }),
    );
    expect(findings).toMatchObject([{ status: 'problem', cure: expect.stringContaining('revoke create') }]);
  });
  it('that may change a record is told how to give that up', async () => {
    const found = await with_(
      'grant update on audit_entries to tandem_app',
      'revoke update on audit_entries from tandem_app',
      () => servingRole(serving, { production: true }),
    );
    expect(found).toMatchObject([
      { status: 'problem', cure: expect.stringContaining('revoke update, delete, truncate on "audit_entries"') },
    ]);
  });
  it('without rights on a table is told which', async () => {
    const findings = await with_(
      'revoke delete on notifications from tandem_app',
      'grant delete on notifications to tandem_app',
      () => servingRole(serving, { production: true }),
    );
    expect(findings).toMatchObject([{ status: 'problem', message: expect.stringContaining('notifications (delete)') }]);
  });
});

describe('the role that migrates', () => {
  it('owns the tables and may create more', async () => {
    expect(await ownerRole(owner)).toMatchObject({ status: 'ok' });
  });
  it('that does not is a problem', async () => {
    expect(await ownerRole(stranger)).toMatchObject({ status: 'problem', message: expect.stringContaining('create') });
    const finding = await with_(
      `grant create on schema public to ${role}`,
      `revoke create on schema public from ${role}`,
      () => ownerRole(stranger),
    );
    expect(finding).toMatchObject({ status: 'problem', message: expect.stringContaining('does not own') });
  });
});

describe('settings', () => {
  const at = async (name: string) => (await settings(serving)).find(({ message }) => message.startsWith(name));
  it('that lose data are problems: the server of the tests syncs nothing', async () => {
    expect(await at('fsync')).toMatchObject({ status: 'problem', cure: expect.stringContaining('fsync = on') });
    expect(await at('full_page_writes')).toMatchObject({ status: 'problem' });
    expect(await at('synchronous_commit')).toMatchObject({ status: 'problem' });
  });
  it('that are right are not mentioned', async () => {
    await serving.rows(`set synchronous_commit = on`);
    expect(await at('synchronous_commit')).toBeUndefined();
    expect(await at('TimeZone')).toBeUndefined();
    expect(await at('statement_timeout')).toBeUndefined();
    expect(await at('plan_cache_mode')).toBeUndefined();
    await serving.rows(`reset synchronous_commit`);
  });
  it('of time zone, time limits and plans are looked at as the role has them', async () => {
    await serving.rows(`set timezone = 'Europe/Vienna'`);
    await serving.rows('set lock_timeout = 0');
    await serving.rows('set plan_cache_mode = auto');
    expect(await at('plan_cache_mode')).toMatchObject({
      status: 'warning',
      cure: `alter role "tandem_app" set plan_cache_mode = 'force_generic_plan';`,
    });
    await serving.rows('reset plan_cache_mode');
    expect(await at('TimeZone')).toMatchObject({
      status: 'problem',
      cure: expect.stringContaining("timezone = 'UTC'"),
    });
    expect(await at('lock_timeout')).toMatchObject({
      status: 'warning',
      cure: `alter role "tandem_app" set lock_timeout = '2s';`,
    });
    await serving.rows('reset timezone');
    await serving.rows('reset lock_timeout');
  });
});

describe('migrations', () => {
  const ask = (migratesAtStart: boolean, known = migrations) => pendingMigrations(serving, known, { migratesAtStart });
  it('that are all applied are fine', async () => {
    expect(await ask(false)).toMatchObject({ status: 'ok' });
  });
  it('that are pending are named; a service that migrates needs no more than a start', async () => {
    const last = migrations.at(-1)!.name;
    const restore = `insert into migrations (name) values ('${last}')`;
    await with_(`delete from migrations where name = '${last}'`, restore, async () => {
      expect(await ask(false)).toMatchObject({ status: 'problem', message: expect.stringContaining(last) });
      expect(await ask(true)).toMatchObject({ status: 'warning' });
    });
  });
  it('of a later build are said', async () => {
    expect(await ask(false, migrations.slice(0, -1))).toMatchObject({
      status: 'warning',
      message: expect.stringContaining(migrations.at(-1)!.name),
    });
  });
});

it('clocks that differ are a warning, then a problem', async () => {
  const away = (seconds: number) => clock(serving, () => Date.now() - seconds * 1000);
  expect([await away(0), await away(5), await away(-100)].map(({ status }) => status)).toEqual([
    'ok',
    'warning',
    'problem',
  ]);
});

describe('a transaction', () => {
  const never = { warnAfter: 1e9, problemAfter: 1e9 };
  const atOnce = { warnAfter: -1, problemAfter: -1 };
  /** While one of this role's is open that has written. */
  const whileOpen = async (url: string, work: (pid: number) => Promise<void>) => {
    const writer = new pg.Client({ connectionString: url, application_name: 'a forgotten shell' });
    await writer.connect();
    await writer.query('begin');
    const { rows } = await writer.query<{ pid: number }>('select pg_backend_pid() as pid, pg_current_xact_id()');
    try {
      await work(rows[0].pid);
    } finally {
      await writer.end();
    }
  };
  it('that is open for long is named with who has it', async () => {
    await whileOpen(database.servingUrl, async (pid) => {
      expect(statuses(await transactions(serving, never))).toEqual(['ok']);
      expect(statuses(await transactions(serving, { warnAfter: -1, problemAfter: 1e9 }))).toEqual(['warning']);
      const [finding] = await transactions(serving, atOnce);
      expect(finding).toMatchObject({
        status: 'problem',
        cure: expect.stringContaining(`pg_terminate_backend(${pid})`),
      });
      expect(finding.message).toMatch(
        new RegExp(`write transaction is open for \\d+ s: pid ${pid}, tandem_app, application "a forgotten shell"`),
      );
    });
  });
  it('of another role shows only that it is there, until the role may see more', async () => {
    await whileOpen(urlOf(role, 'secret'), async (pid) => {
      expect(await transactions(serving, atOnce)).toMatchObject([
        { status: 'warning', message: expect.stringContaining(`pid ${pid}`), cure: expect.stringContaining('grant') },
      ]);
      const grant = ['grant pg_read_all_stats to tandem_owner', 'revoke pg_read_all_stats from tandem_owner'] as const;
      await with_(...grant, async () => {
        expect(await transactions(owner, atOnce)).toMatchObject([{ status: 'problem' }]);
      });
    });
  });
});

it('connections of all instances must fit', async () => {
  const of = (instances: number, pooled = false) => connections(serving, { poolMax: 10, instances, pooled });
  expect([await of(1), await of(100), await of(100, true)].map(({ status }) => status)).toEqual([
    'ok',
    'problem',
    'skipped',
  ]);
  const limited = await with_(
    `alter role tandem_app connection limit 5`,
    `alter role tandem_app connection limit -1`,
    () => of(1),
  );
  expect(limited).toMatchObject({ status: 'problem', message: expect.stringContaining('can have 5') });
});

describe('signing keys', () => {
  it('are fine when there are none yet, and when ENCRYPTION_KEYS opens them', async () => {
    expect(await signingKeys(serving, () => false)).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/none/),
    });
    await database.sql(`insert into signing_keys (kid, generation, public_jwk, private_jwk, signs_from)
                        values ('a', 1, '{}', 'SEALED', now())`);
    const asked: string[][] = [];
    expect(await signingKeys(serving, (...key) => asked.push(key) > 0)).toMatchObject({
      status: 'ok',
      message: '1 ES256 key',
    });
    expect(asked).toEqual([['SEALED', 'a']]);
  });
  it('that ENCRYPTION_KEYS does not open are a problem', async () => {
    const finding = await signingKeys(serving, () => false);
    expect(finding).toMatchObject({ status: 'problem', message: expect.stringMatching(/ENCRYPTION_KEYS .* 1 of 1/) });
    expect(JSON.stringify(finding)).not.toContain('SEALED');
  });
  it('that nobody replaces in time are a warning', async () => {
    await database.sql(`update signing_keys set signs_from = now() - interval '29 days'`);
    expect(await signingKeys(serving, () => true)).toMatchObject({ status: 'ok' });
    await database.sql(`update signing_keys set signs_from = now() - interval '31 days'`);
    expect(await signingKeys(serving, () => true)).toMatchObject({
      status: 'warning',
      cure: expect.stringContaining('keys:rotate'),
    });
  });
});
