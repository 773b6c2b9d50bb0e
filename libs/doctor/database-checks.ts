import pg from 'pg';
import { insertOnlyTables } from '#libs/database/insert-only.js';
import { migrationState, type NamedMigration } from '#libs/database/migrate.js';
import type { Connection } from './connection.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';

const OLDEST_MAJOR = 15;
/** The next key is made a day before the present one has signed for 30 days. */
const SIGNS_FOR_DAYS = 30;

export async function version(db: Connection): Promise<Finding[]> {
  const { number, text, standby } = await db.one<{ number: number; text: string; standby: boolean }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as text,
       pg_is_in_recovery() as standby`,
  );
  const findings = [
    number >= OLDEST_MAJOR * 10_000
      ? ok('version', `PostgreSQL ${text}`)
      : problem('version', `PostgreSQL ${text} is too old.`, `Upgrade to PostgreSQL ${OLDEST_MAJOR} or later.`),
  ];
  if (standby)
    findings.push(problem('version', 'This is a standby: nothing can be written.', 'Set DATABASE_URL to the primary.'));
  return findings;
}

const DATA_RIGHTS = ['select', 'insert', 'update', 'delete'] as const;

/** What the role that serves may do: everything with rows, nothing with tables. */
export async function servingRole(db: Connection, options: { production: boolean }): Promise<Finding[]> {
  const { role, superuser, creates, owned } = await db.one<{
    role: string;
    superuser: boolean;
    creates: boolean;
    owned: string[];
  }>(
    `select current_user as role, rolsuper as superuser, has_schema_privilege('public', 'create') as creates,
       array(select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and pg_has_role(current_user, relowner, 'usage') order by relname) as owned
     from pg_roles where rolname = current_user`,
  );
  const findings: Finding[] = [];
  const tooMuch = options.production ? problem : warning;
  const lesser =
    'Serve as a lesser role (`create role tandem_app login`) and name it in DATABASE_URL; migrating as the role of DATABASE_OWNER_URL grants it what it needs.';
  if (superuser) findings.push(tooMuch('role', `${role} is a superuser.`, lesser));
  else if (owned.length > 0)
    findings.push(tooMuch('role', `${role} owns, or belongs to the owner of, ${some(owned)}.`, lesser));
  else if (creates)
    findings.push(
      tooMuch('role', `${role} may create tables.`, `revoke create on schema public from ${ident(role)}, public;`),
    );

  const lacking = await db.rows<{ name: string; lacks: string[] }>(
    `select relname::text as name, array(select r from unnest($1::text[]) r where not has_table_privilege(c.oid, r)
         and (relname <> 'migrations' or r = 'select')
         and (r in ('select', 'insert') or relname not in (${insertOnlyTables}))) as lacks
     from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`,
    [DATA_RIGHTS],
  );
  const without = lacking.filter(({ lacks }) => lacks.length > 0);
  if (without.length > 0)
    findings.push(
      problem(
        'role',
        `${role} lacks rights on ${some(without.map(({ name, lacks }) => `${name} (${lacks.join(', ')})`))}.`,
        `As the owner: grant select, insert, update, delete on all tables in schema public to ${ident(role)};`,
      ),
    );
  const changeable = await db.rows<{ name: string }>(
    `select name from (${insertOnlyTables}) t
     where has_table_privilege(quote_ident(name), 'update, delete, truncate')`,
  );
  // Who owns them has heard so above.
  if (changeable.length > 0 && owned.length === 0 && !superuser) {
    const names = changeable.map(({ name }) => name);
    findings.push(
      tooMuch(
        'role',
        `${role} may change rows of ${some(names)}, which are a record.`,
        `As the owner: revoke update, delete, truncate on ${names.map(ident).join(', ')} from ${ident(role)};`,
      ),
    );
  }
  const sequences = await db.rows<{ name: string }>(
    `select relname::text as name from pg_class c where relnamespace = 'public'::regnamespace
       and case when relkind = 'S' then not has_sequence_privilege(c.oid, 'usage') end order by relname`,
  );
  if (sequences.length > 0)
    findings.push(
      problem(
        'role',
        `${role} may not use ${some(sequences.map(({ name }) => name))}.`,
        `As the owner: grant usage on all sequences in schema public to ${ident(role)};`,
      ),
    );
  return findings.length > 0 ? findings : [ok('role', `${role} has rights on the data of all tables, and on no table`)];
}

/** The keys that sign tokens, and whether the process could sign with them. */
export async function signingKeys(db: Connection, opens: (sealed: string, kid: string) => boolean): Promise<Finding> {
  const { there } = await db.one<{ there: boolean }>(`select to_regclass('signing_keys') is not null as there`);
  if (!there) return skipped('keys', 'There is no table of signing keys yet: migrations are pending.');
  const keys = await db.rows<{ kid: string; sealed: string }>('select kid, private_jwk as sealed from signing_keys');
  if (keys.length === 0) return ok('keys', 'none yet: the first start makes one');
  const closed = keys.filter(({ kid, sealed }) => !opens(sealed, kid));
  if (closed.length > 0)
    return problem(
      'keys',
      `ENCRYPTION_KEYS does not open ${closed.length} of ${keys.length} signing keys: the service cannot sign tokens.`,
      'Add the key that was used before to ENCRYPTION_KEYS. If it is lost: `delete from signing_keys`, and everybody signs in again.',
    );
  const { stuck } = await db.one<{ stuck: boolean }>(
    `select max(signs_from) < now() - interval '${SIGNS_FOR_DAYS} days' as stuck from signing_keys`,
  );
  if (stuck)
    return warning(
      'keys',
      `No new key for more than ${SIGNS_FOR_DAYS} days: running instances make one every 30.`,
      'Start the service, and look into its log; `npm run keys:rotate` makes one now.',
    );
  return ok('keys', `${keys.length} ES256 ${keys.length === 1 ? 'key' : 'keys'}`);
}

/** Whether the owner's connection could migrate. */
export async function ownerRole(db: Connection): Promise<Finding> {
  const { role, creates, foreign } = await db.one<{ role: string; creates: boolean; foreign: string[] }>(
    `select current_user as role, has_schema_privilege('public', 'create') as creates,
       array(select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and not pg_has_role(current_user, relowner, 'usage') order by relname) as foreign`,
  );
  if (!creates)
    return problem(
      'owner',
      `${role} may not create tables.`,
      `As a superuser: alter database … owner to ${ident(role)};`,
    );
  if (foreign.length > 0)
    return problem(
      'owner',
      `${role} does not own ${some(foreign)}.`,
      `As a superuser: alter table … owner to ${ident(role)};, or set DATABASE_OWNER_URL to the role that owns them.`,
    );
  return ok('owner', `${role} can migrate`);
}

/** Settings that promises depend on, as the serving role's sessions have them. */
export async function settings(db: Connection): Promise<Finding[]> {
  const rows = await db.rows<{ name: string; setting: string }>(
    `select name, current_setting(name) as setting from pg_settings where name = any($1)`,
    [
      [
        'fsync',
        'full_page_writes',
        'synchronous_commit',
        'TimeZone',
        'server_encoding',
        'statement_timeout',
        'lock_timeout',
        'idle_in_transaction_session_timeout',
        'plan_cache_mode',
      ],
    ],
  );
  const { role } = await db.one<{ role: string }>('select current_user as role');
  const value = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  const findings: Finding[] = [];
  for (const name of ['fsync', 'full_page_writes'])
    if (value[name] !== 'on')
      findings.push(
        problem(
          'settings',
          `${name} is ${value[name]}: a crash of the machine can destroy the database.`,
          `alter system set ${name} = on; select pg_reload_conf();`,
        ),
      );
  if (value.synchronous_commit === 'off')
    findings.push(
      problem(
        'settings',
        'synchronous_commit is off: a crash loses what clients were told was saved.',
        'alter system set synchronous_commit = on; select pg_reload_conf(); and undo it for roles and databases.',
      ),
    );
  if (!['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'].includes(value.TimeZone))
    findings.push(
      problem('settings', `TimeZone is ${value.TimeZone}.`, `alter role ${ident(role)} set timezone = 'UTC';`),
    );
  if (value.server_encoding !== 'UTF8')
    findings.push(
      problem(
        'settings',
        `server_encoding is ${value.server_encoding}: not every text can be kept.`,
        "Dump the database and restore it into one made with: create database … encoding 'UTF8' template template0;",
      ),
    );
  for (const [name, advised] of Object.entries(TIME_LIMITS))
    if (value[name] === '0')
      findings.push(
        warning(
          'settings',
          `${name} is not set for ${role}: one bad statement can hold the service up.`,
          `alter role ${ident(role)} set ${name} = '${advised}';`,
        ),
      );
  if (value.plan_cache_mode !== 'force_generic_plan')
    findings.push(
      warning(
        'settings',
        `plan_cache_mode is ${value.plan_cache_mode} for ${role}: PostgreSQL plans every list again at every call.`,
        `alter role ${ident(role)} set plan_cache_mode = 'force_generic_plan';`,
      ),
    );
  return findings.length > 0
    ? findings
    : [ok('settings', 'writes are synced, times are UTC, texts UTF-8, statements and locks limited in time')];
}
/** As role settings, because those survive a pooler. */
const TIME_LIMITS = {
  statement_timeout: '5s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
} as const;

export async function pendingMigrations(
  db: Connection,
  migrations: readonly NamedMigration[],
  options: { migratesAtStart: boolean },
): Promise<Finding> {
  const { pending, unknown } = await migrationState((text) => db.rows(text), migrations);
  if (pending.length > 0) {
    const message = `${pending.length} of ${migrations.length} are pending: ${some(pending)}.`;
    return options.migratesAtStart
      ? warning('migrations', message, 'Start the service, or run `npm run migrate`.')
      : problem('migrations', message, 'Run `npm run migrate` with DATABASE_OWNER_URL set.');
  }
  if (unknown.length > 0)
    return warning(
      'migrations',
      `The database has ${some(unknown)}, which this build does not know: it was migrated by a later one.`,
      'Deploy that build here too.',
    );
  return ok('migrations', `all ${migrations.length} applied`);
}

/** Tokens end and windows begin by the clocks of different machines. */
export async function clock(db: Connection, now: () => number = Date.now): Promise<Finding> {
  const before = now();
  const { at } = await db.one<{ at: string }>('select extract(epoch from clock_timestamp()) * 1000 as at');
  const after = now();
  // What the journey took cannot be told from a difference.
  const difference = Math.max(0, Math.abs(Number(at) - (before + after) / 2) - (after - before) / 2) / 1000;
  const message = `The clock of the database differs by ${difference.toFixed(1)} s from the one here.`;
  const cure = 'Synchronize both machines with NTP (chrony, systemd-timesyncd).';
  if (difference > 30) return problem('clock', message, cure);
  return difference > 1 ? warning('clock', message, cure) : ok('clock', 'agrees with the database to a second');
}

export interface Ages {
  /** Seconds that a transaction may be open. */
  readonly warnAfter: number;
  readonly problemAfter: number;
}
interface OpenTransaction {
  pid: number;
  application: string;
  role: string;
  state: string | null;
  writes: boolean;
  age: number | null;
}

/** What is open for long keeps dead rows from being cleared, and who follows changes from going on. */
export async function transactions(
  db: Connection,
  { warnAfter, problemAfter }: Ages = { warnAfter: 60, problemAfter: 600 },
): Promise<Finding[]> {
  const open = await db.rows<OpenTransaction>(
    `select pid, application_name as application, usename as role, state, backend_xid is not null as writes,
       extract(epoch from clock_timestamp() - xact_start)::float8 as age
     from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and (backend_xid is not null or backend_xmin is not null)
     order by backend_xid is null, xact_start nulls first, age(coalesce(backend_xid, backend_xmin)) desc`,
  );
  const findings: Finding[] = [];
  const oldest = open[0];
  const hidden = open.filter(({ age }) => age === null);
  if (oldest && oldest.age !== null && oldest.age > warnAfter) {
    const { pid, application, role, state, writes, age } = oldest;
    findings.push(
      (writes && age > problemAfter ? problem : warning)(
        'transactions',
        `A ${writes ? 'write' : 'read'} transaction is open for ${Math.round(age)} s: pid ${pid}, ${role}, application "${application}", ${state}.`,
        `Let that program commit, or end it: select pg_terminate_backend(${pid}); and set idle_in_transaction_session_timeout for its role.`,
      ),
    );
  } else if (hidden.length > 0) {
    const { role } = await db.one<{ role: string }>('select current_user as role');
    findings.push(
      warning(
        'transactions',
        `${hidden.length} open ${hidden.length === 1 ? 'transaction' : 'transactions'} of other roles (pid ${hidden.map(({ pid }) => pid).join(', ')}); ${role} may not see since when.`,
        `As a superuser: grant pg_read_all_stats to ${ident(role)};`,
      ),
    );
  }
  const prepared = await db.rows<{ gid: string; age: number }>(
    `select gid, extract(epoch from clock_timestamp() - prepared)::float8 as age from pg_prepared_xacts
     where database = current_database() order by prepared`,
  );
  if (prepared.length > 0 && prepared[0].age > warnAfter)
    findings.push(
      problem(
        'transactions',
        `${prepared.length} prepared ${prepared.length === 1 ? 'transaction has' : 'transactions have'} been left over, the oldest for ${Math.round(prepared[0].age)} s.`,
        `rollback prepared '${prepared[0].gid}'; as its owner or a superuser, after its coordinator was asked.`,
      ),
    );
  const { held, frozen } = await db.one<{ held: number; frozen: number }>(
    `select coalesce((select max(age(backend_xmin)) from pg_stat_activity where pid <> pg_backend_pid()), 0) as held,
       (select age(datfrozenxid) from pg_database where datname = current_database()) as frozen`,
  );
  if (frozen > 1_000_000_000)
    findings.push(
      problem(
        'transactions',
        `${frozen} transactions have passed since the last freeze; PostgreSQL stops at about 2 billion.`,
        'vacuum (freeze) the database, and end what keeps the horizon back: long transactions, replication slots.',
      ),
    );
  return findings.length > 0
    ? findings
    : [
        ok(
          'transactions',
          `${oldest?.age == null ? 'none is open' : `the oldest open one is ${Math.round(oldest.age)} s old`}; the horizon is ${held} transactions back`,
        ),
      ];
}

/** Connections of all instances against what the server has. */
export async function connections(
  db: Connection,
  { poolMax, instances, pooled }: { poolMax: number; instances: number; pooled: boolean },
): Promise<Finding> {
  if (pooled) return skipped('connections', 'A pooler stands between: its own limits count, not max_connections.');
  const { role, max, reserved, roleLimit, databaseLimit, others } = await db.one<{
    role: string;
    max: number;
    reserved: number;
    roleLimit: number;
    databaseLimit: number;
    others: number;
  }>(
    `select current_user as role, current_setting('max_connections')::int as max,
       current_setting('superuser_reserved_connections')::int
         + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
       (select rolconnlimit from pg_roles where rolname = current_user) as "roleLimit",
       (select datconnlimit from pg_database where datname = current_database()) as "databaseLimit",
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend'
         and usename is distinct from current_user) as others`,
  );
  // One of each instance is its migration at the start.
  const needed = instances * (poolMax + 1);
  const has = Math.min(max - reserved, ...[roleLimit, databaseLimit].filter((limit) => limit >= 0));
  const sum = `${instances} × (${poolMax} + 1) = ${needed} connections are needed`;
  const cure =
    'Raise max_connections (or the limit of the role or database), lower DATABASE_POOL_MAX, or put PgBouncer in front.';
  if (needed > has) return problem('connections', `${sum}, and ${role} can have ${has}.`, cure);
  if (needed + others > max - reserved)
    return warning('connections', `${sum}, and other roles hold ${others} of ${max - reserved}.`, cure);
  return ok('connections', `${sum} of ${has}`);
}

const ident = (name: string) => pg.escapeIdentifier(name);
const some = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
