import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readJson, writePrivateJson } from './data-folder.mjs';
import { Failure } from './failure.mjs';
import { freePort, obstacleTo } from './ports.mjs';
import { accountFor, adoptCluster } from './postgres-account.mjs';
import { provideBinaries } from './postgres-binaries.mjs';
import { createCluster, hasCluster } from './postgres-cluster.mjs';
import { PortTaken, startServer } from './postgres-server.mjs';

/** @typedef {import('./postgres-server.mjs').RunningServer} RunningServer */
/** @typedef {{ owner: string, app: string, superuser: string }} Passwords */

/** As role settings, because they hold on every connection, also behind a pooler. */
const SERVING_ROLE_SETTINGS = {
  statement_timeout: '5s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
  // PostgreSQL takes a plan for any limit to be expensive, and would otherwise plan every list anew at every call.
  plan_cache_mode: 'force_generic_plan',
};

const LARGEST_LOG = 10_000_000;

/**
 * The PostgreSQL of one folder. `durable: false` is for tests: nothing is synced to disk, and the superuser may log in.
 * @param {{ root: string, data: string, database: string, durable: boolean, signal: AbortSignal }} options
 */
export async function openEmbeddedDatabase({ root, data, database, durable, signal }) {
  const cluster = join(data, 'postgres');
  const logFile = join(data, 'postgres.log');
  const stateFile = join(data, 'postgres.json');
  const account = accountFor(cluster);
  const binaries = provideBinaries({ root, account, data });

  /** @type {{ port: number, passwords: Passwords } | undefined} */
  let state = readJson(stateFile);
  if (!hasCluster(cluster)) {
    // The passwords are stored before anything has them, so that no interruption leaves a database without its keys.
    state = { port: await freePort(), passwords: { owner: secret(), app: secret(), superuser: secret() } };
    writePrivateJson(stateFile, state);
    const statements = setupStatements({ database, passwords: state.passwords, durable });
    await createCluster({ cluster, account, binaries, statements, durable, signal });
  }
  if (!state) {
    throw new Failure(
      `${stateFile} with the passwords of the embedded database is gone or cannot be read.`,
      LOST_PASSWORDS,
    );
  }
  adoptCluster(cluster, account);
  if (existsSync(logFile) && statSync(logFile).size > LARGEST_LOG) rmSync(logFile);

  const settings = durable ? DURABLE : THROW_AWAY;
  const { passwords } = state;
  let { port } = state;
  const url = (/** @type {string} */ role, /** @type {string} */ password, name = database) =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${name}`;

  const startOn = (/** @type {number} */ chosen, /** @type {AbortSignal} */ abort) =>
    startServer({ cluster, account, binaries, logFile, settings }, chosen, abort);

  return {
    /**
     * On the remembered port, or on another one that is remembered from now on.
     * @param {AbortSignal} abort
     */
    async start(abort) {
      for (let attempt = 1; ; attempt++) {
        if (await obstacleTo(port, '127.0.0.1')) port = await freePort();
        try {
          const server = await startOn(port, abort);
          writePrivateJson(stateFile, { port, passwords });
          return server;
        } catch (error) {
          if (!(error instanceof PortTaken) || attempt === 5) throw error;
        }
      }
    },
    /**
     * On the same port, because the service has its address.
     * @param {AbortSignal} abort
     */
    async restart(abort) {
      for (let wait = 0; wait < 100 && (await obstacleTo(port, '127.0.0.1')); wait++) {
        await pause(100, undefined, { signal: abort });
      }
      return startOn(port, abort);
    },
    /** Of the role that serves. */
    servingUrl: () => url('tandem_app', passwords.app),
    /** Of the role that owns the tables. */
    ownerUrl: () => url('tandem_owner', passwords.owner),
    /** Of the superuser; only in a throw-away database. */
    adminUrl: () => url('postgres', passwords.superuser, 'postgres'),
  };
}

const LOST_PASSWORDS = 'Restore it, or move the folder away to start with an empty database.';

/** @type {Record<string, string>} */
const DURABLE = { timezone: 'UTC', log_timezone: 'UTC', fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** @type {Record<string, string>} */
const THROW_AWAY = {
  timezone: 'UTC',
  log_timezone: 'UTC',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '200',
  // Cloning a template would otherwise write each of its pages to the log.
  wal_level: 'minimal',
  max_wal_senders: '0',
};

/** @param {{ database: string, passwords: Passwords, durable: boolean }} options */
function setupStatements({ database, passwords, durable }) {
  return [
    `create role tandem_owner login password '${passwords.owner}';`,
    `create role tandem_app login password '${passwords.app}';`,
    ...Object.entries(SERVING_ROLE_SETTINGS).map(([name, value]) => `alter role tandem_app set ${name} = '${value}';`),
    `create database ${database} owner tandem_owner;`,
    `revoke all on database ${database} from public;`,
    `grant connect on database ${database} to tandem_app;`,
    ...(durable ? [] : [`alter role postgres password '${passwords.superuser}';`]),
  ];
}

function secret() {
  return randomBytes(24).toString('base64url');
}
