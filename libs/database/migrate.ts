import { Migrator, type Migration } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';

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

/** Applies what is pending, all or nothing, and renews the serving role's rights. Returns the names applied. */
export async function migrate({ ownerUrl, servingRole, migrations }: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // Nothing pending is the usual case, and costs one query instead of an ORM.
    const known = await client.query<{ there: boolean }>(
      `select to_regclass('${migrationsTable}') is not null as there`,
    );
    if (known.rows[0].there) {
      const { rows } = await client.query<{ name: string }>(`select name from ${migrationsTable}`);
      const applied = new Set(rows.map((r) => r.name));
      if (migrations.every((m) => applied.has(m.name))) return [];
    }
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
async function grant(client: pg.Client, servingRole: string): Promise<void> {
  const role = pg.escapeIdentifier(servingRole);
  await client.query(`grant usage on schema public to ${role}`);
  await client.query(`grant select, insert, update, delete on all tables in schema public to ${role}`);
  await client.query(`grant usage on all sequences in schema public to ${role}`);
  await client.query(`revoke insert, update, delete on ${migrationsTable} from ${role}`);
}
