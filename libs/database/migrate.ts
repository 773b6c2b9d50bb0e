import { Migrator, type Migration } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { insertOnlyTables } from './insert-only.js';

export interface NamedMigration {
  readonly name: string;
  readonly class: new (...args: never[]) => Migration;
}
/** The migration classes of a project in the order of the time stamps that end their names. */
export const inOrder = (classes: readonly NamedMigration['class'][]): NamedMigration[] =>
  classes
    .map((c) => ({ name: `${/\d+$/.exec(c.name)![0]}-${c.name.replace(/\d+$/, '')}`, class: c }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

export interface MigrateOptions {
  /** Connection of the role that owns the tables. */
  readonly ownerUrl: string;
  /** The lesser role that serves; it gets rights on data and none on structure. */
  readonly servingRole: string;
  readonly migrations: readonly NamedMigration[];
}
const migrationsTable = 'migrations';
/** Any two instances that start at once migrate one after the other. */
const migrationLock = 7_418_023;

/** A database that the process must not serve on; the message says what to do. */
export class DatabaseNotReady extends Error {
  override readonly name = 'DatabaseNotReady';
}
/**
 * Throws `DatabaseNotReady` when migrations are pending, or, with `requireLesserRole`, when the serving role could alter
 * the tables.
 */
export async function checkDatabase(
  url: string,
  migrations: readonly NamedMigration[],
  options: { requireLesserRole: boolean },
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const missing = await pending(client, migrations);
    if (missing.length > 0)
      throw new DatabaseNotReady(
        `${missing.length} migrations are pending, the first one ${missing[0]}.\n` +
          'Run `npm run migrate` with DATABASE_OWNER_URL set, or set it here to migrate at every start.',
      );
    const { rows } = await client.query<{ owns: boolean }>(
      `select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
         and pg_has_role(current_user, relowner, 'usage')) as owns`,
    );
    if (options.requireLesserRole && rows[0].owns)
      throw new DatabaseNotReady(
        'The role of DATABASE_URL owns tables, or belongs to a role that does.\n' +
          'Serve as a lesser role: migrations grant it the rights on data that it needs.',
      );
  } finally {
    await client.end();
  }
}
/** What the database lacks of these migrations, and what it has that none of them is. */
export async function migrationState(
  query: (text: string) => Promise<unknown[]>,
  migrations: readonly NamedMigration[],
): Promise<{ pending: string[]; unknown: string[] }> {
  const names = migrations.map((m) => m.name);
  const [{ there }] = (await query(`select to_regclass('${migrationsTable}') is not null as there`)) as {
    there: boolean;
  }[];
  if (!there) return { pending: names, unknown: [] };
  const rows = (await query(`select name from ${migrationsTable} order by name`)) as { name: string }[];
  const applied = new Set(rows.map((r) => r.name));
  const known = new Set(names);
  return {
    pending: names.filter((name) => !applied.has(name)),
    unknown: [...applied].filter((name) => !known.has(name)),
  };
}
async function pending(client: pg.Client, migrations: readonly NamedMigration[]): Promise<string[]> {
  return (await migrationState(async (text) => (await client.query(text)).rows, migrations)).pending;
}

/** Applies what is pending, all or nothing, and renews the serving role's rights. Returns the names applied. */
export async function migrate({ ownerUrl, servingRole, migrations }: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // Nothing pending is the usual case, and costs two queries instead of an ORM.
    if ((await pending(client, migrations)).length === 0) return [];
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    const applied = await applyPending(ownerUrl, migrations);
    await grant(client, servingRole);
    return applied;
  } finally {
    await client.end();
  }
}
async function applyPending(ownerUrl: string, migrations: readonly NamedMigration[]): Promise<string[]> {
  const orm = await MikroORM.init(
    defineConfig({
      clientUrl: ownerUrl,
      entities: [],
      extensions: [Migrator],
      discovery: { warnWhenNoEntities: false },
      // A migration that cannot have its lock soon gives way to the traffic and is tried again.
      driverOptions: { options: '-c lock_timeout=5000' },
      migrations: {
        tableName: migrationsTable,
        migrationsList: migrations as never,
        allOrNothing: true,
        snapshot: false,
        silent: true,
      },
    }),
  );
  try {
    return (await orm.migrator.up()).map((m) => m.name);
  } finally {
    await orm.close(true);
  }
}
/** On every schema of the owner: libraries may bring one of their own. */
async function grant(client: pg.Client, servingRole: string): Promise<void> {
  const role = pg.escapeIdentifier(servingRole);
  // In one transaction: an insert-only table is that at every moment.
  await client.query('begin');
  const { rows: schemas } = await client.query<{ name: string }>(
    `select nspname as name from pg_namespace
     where nspname = 'public' or (nspowner = current_user::regrole and nspname !~ '^(pg_|information_schema$)')`,
  );
  for (const { name } of schemas) {
    const schema = pg.escapeIdentifier(name);
    await client.query(`grant usage on schema ${schema} to ${role}`);
    await client.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`);
    await client.query(`grant usage on all sequences in schema ${schema} to ${role}`);
  }
  await client.query(`revoke insert, update, delete on ${migrationsTable} from ${role}`);
  const { rows: tables } = await client.query<{ name: string }>(insertOnlyTables);
  for (const { name } of tables)
    await client.query(`revoke update, delete, truncate on ${pg.escapeIdentifier(name)} from ${role}`);
  await client.query('commit');
}
