import type { Migration } from '@mikro-orm/migrations';
import type { Pool } from 'pg';
import { getConstructionPlans, getMigrationPlans, PgBoss, type ConstructorOptions } from 'pg-boss';

/** Where pg-boss keeps its tables. */
export const jobsSchema = 'jobs';

/**
 * Brings the tables of pg-boss to the version of the installed package, as the role that migrates: the role that serves
 * may not create any. A release of pg-boss that changes them needs a migration that calls this again; a test says so.
 */
export async function installJobs(migration: Migration): Promise<void> {
  const version = await installedVersion(migration);
  const plan =
    version === undefined ? getConstructionPlans(jobsSchema) : getMigrationPlans(jobsSchema, version, undefined);
  migration.addSql(withinTransaction(plan));
}
async function installedVersion(migration: Migration): Promise<number | undefined> {
  const [{ there }] = await migration.execute(`select to_regclass('${jobsSchema}.version') is not null as there`);
  if (!there) return undefined;
  const [{ version }] = await migration.execute(`select version from ${jobsSchema}.version`);
  return Number(version);
}
/** All migrations run in one transaction, whose end and time limits are not pg-boss's to set. */
export const withinTransaction = (plan: string): string =>
  plan.replaceAll(/^\s*(begin|commit|set local [\w]+ = \w+);\s*$/gim, '');

/** pg-boss as a role uses it that owns no table: it makes none, and leaves indexes to their owner. */
export const bossOver = (pool: Pool, options: ConstructorOptions = {}): PgBoss =>
  new PgBoss({
    ...options,
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: jobsSchema,
    migrate: false,
    reindex: false,
    openTelemetry: { enabled: false },
  });
