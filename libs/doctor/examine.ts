import { ConfigError, loadConfig, type Config } from '#libs/config/config.js';
import { readEnvironment } from '#libs/config/environment.js';
import type { NamedMigration } from '#libs/database/migrate.js';
import { Connection, nameOf, patience, unreachable, type Patience } from './connection.js';
import * as database from './database-checks.js';
import { ok, problem, skipped, type Finding } from './finding.js';
import { detectPooling, poolerFindings, type Pooling } from './pooler.js';
import * as here from './process-checks.js';

export interface Patient {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly migrations: readonly NamedMigration[];
  /** Instances of the service that share the database. */
  readonly instances: number;
  /** The database that `npm start` keeps in a folder; its URLs are in `env` when it runs. */
  readonly embedded?: { readonly folder: string; readonly running: boolean };
  readonly patience?: Patience;
  /** Whether these encryption keys open the private half of a signing key. */
  readonly opensSigningKey: (encryptionKeys: readonly Buffer[], sealed: string, kid: string) => boolean;
  /** What other libraries look at. */
  readonly checks?: Checks;
}
export interface Checks {
  /** On a connection of the role that serves. */
  readonly database?: Readonly<Record<string, (db: Connection) => Promise<Finding[]>>>;
  readonly config?: Readonly<Record<string, (config: Config) => Promise<Finding | readonly Finding[]>>>;
}

/** Looks at everything that can be looked at, and never throws: what hinders a check is its finding. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { env, embedded } = patient;
  const findings: Finding[] = [here.node()];
  const config = configurationOf(env, findings, embedded);
  if (config) findings.push(here.publicUrl(config), here.trustProxy(config));
  for (const [name, look] of Object.entries(config ? (patient.checks?.config ?? {}) : {}))
    findings.push(...(await attempt(name, async () => [await look(config!)].flat())));
  const { environment: set } = readEnvironment(env);
  const { REDIS_URL: redisUrl } = set;
  if (redisUrl !== undefined)
    findings.push(
      ...(await attempt('redis', async () => {
        const { redis } = await import('./redis-check.js');
        return [await redis(redisUrl, patient.patience ?? patience)];
      })),
    );
  if (embedded) findings.push(...(await attempt('disk', async () => [await here.disk(embedded.folder)])));
  if (embedded && !embedded.running) {
    findings.push(
      skipped('database', 'The embedded PostgreSQL is not running. Start it with `npm start` and ask again.'),
    );
    return findings;
  }
  if (set.DATABASE_URL !== undefined) findings.push(...(await examineDatabase(patient, set.DATABASE_URL)));
  return findings;
}

/** The configuration, or undefined when the service would refuse it. */
function configurationOf(env: Patient['env'], findings: Finding[], embedded: Patient['embedded']): Config | undefined {
  // Before the first start there is no database and no key, and nobody has to name one.
  const notYet = embedded && !embedded.running ? ['DATABASE_URL', 'ENCRYPTION_KEYS'] : [];
  const stand = Object.fromEntries(notYet.filter((name) => !env[name]).map((name) => [name, STANDS_FOR[name]]));
  try {
    const config = loadConfig({ ...env, ...stand });
    findings.push(ok('configuration', `valid, for ${config.environment}`));
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { variable, cure } of error.problems)
      findings.push(problem('configuration', `${variable} is not valid.`, `It ${cure}`));
    return undefined;
  }
}
const STANDS_FOR: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://embedded@localhost/embedded',
  ENCRYPTION_KEYS: Buffer.alloc(32).toString('base64'),
};

async function examineDatabase(patient: Patient, url: string): Promise<Finding[]> {
  const limits = patient.patience ?? patience;
  const { environment: set } = readEnvironment(patient.env);
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_DIRECT_URL: directUrl } = set;
  const production = set.NODE_ENV === 'production';
  const findings: Finding[] = [];
  let pooledBy: Pooling = { mode: 'none' };

  const serving = await connect('database', 'DATABASE_URL', url, limits, findings);
  const owner = ownerUrl && (await connect('owner', 'DATABASE_OWNER_URL', ownerUrl, limits, findings));
  const direct = directUrl && (await connect('direct', 'DATABASE_DIRECT_URL', directUrl, limits, findings));
  try {
    if (serving) {
      const pooling = await attempt('pooler', async () => {
        const of = (use: Connection | string | undefined, address: string | undefined) =>
          use && address !== undefined ? detectPooling(address, limits) : undefined;
        const poolings = {
          serving: await detectPooling(url, limits),
          direct: await of(direct, directUrl),
          owner: await of(owner, ownerUrl),
        };
        pooledBy = poolings.serving;
        return poolerFindings(poolings, set.DATABASE_NAMED_STATEMENTS ?? true);
      });
      findings.push(
        ...(await attempt('version', () => database.version(serving))),
        ...(await attempt('role', () => database.servingRole(serving, { production }))),
        ...(await attempt('settings', () => database.settings(serving))),
        ...pooling,
        ...(await attempt('migrations', async () => [
          await database.pendingMigrations(serving, patient.migrations, { migratesAtStart: ownerUrl !== undefined }),
        ])),
        ...(await attempt('keys', async () => {
          const { ENCRYPTION_KEYS: keys } = set;
          if (keys === undefined) return [skipped('keys', 'Without ENCRYPTION_KEYS they cannot be looked at.')];
          return [await database.signingKeys(serving, (...sealed) => patient.opensSigningKey(keys, ...sealed))];
        })),
        ...(await moreOf(patient.checks, serving)),
        ...(await attempt('clock', async () => [await database.clock(serving)])),
        ...(await attempt('transactions', () => database.transactions(serving))),
        ...(await attempt('connections', async () => [
          await database.connections(serving, {
            poolMax: set.DATABASE_POOL_MAX ?? 10,
            instances: patient.instances,
            pooled: pooledBy.mode !== 'none',
          }),
        ])),
      );
    } else findings.push(skipped('database', 'Rights, settings, migrations and the rest cannot be looked at.'));
    if (owner) findings.push(...(await attempt('owner', async () => [await database.ownerRole(owner)])));
    else if (ownerUrl === undefined)
      findings.push(skipped('owner', 'DATABASE_OWNER_URL is not set here: whether it can migrate was not looked at.'));
  } finally {
    for (const connection of [serving, owner, direct]) if (connection) await connection.close();
  }
  return findings;
}

async function moreOf(checks: Checks | undefined, db: Connection): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, look] of Object.entries(checks?.database ?? {}))
    findings.push(...(await attempt(name, () => look(db))));
  return findings;
}

async function connect(
  check: string,
  variable: string,
  url: string,
  limits: Patience,
  findings: Finding[],
): Promise<Connection | undefined> {
  try {
    const connection = await Connection.open(url, limits);
    findings.push(ok(check, `${nameOf(url)} answers`));
    return connection;
  } catch (error) {
    findings.push(unreachable(check, variable, url, error));
    return undefined;
  }
}

/** A check that cannot be made is a finding of its own, and keeps no other from being made. */
async function attempt(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return [
      problem(
        check,
        `It could not be looked at: ${code === undefined ? message : `${message} (${code})`}.`,
        'Put that right and ask again; the log of PostgreSQL may say more.',
      ),
    ];
  }
}
