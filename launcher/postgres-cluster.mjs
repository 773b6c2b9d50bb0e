import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Failure } from './failure.mjs';
import { handOver, spawnAs } from './postgres-account.mjs';

/** @typedef {import('./postgres-account.mjs').Account} Account */
/** @typedef {import('./postgres-binaries.mjs').Binaries} Binaries */

const MAJOR_VERSION = '18';

/** In the words of PostgreSQL, which calls a write that was cut short by another name. */
export const DISK_FULL = /No space left on device|Disk quota exceeded|Check free disk space/;

/** Nobody gets in without a password, and nobody from outside this machine. */
const ACCESS = 'host all all 127.0.0.1/32 scram-sha-256\n';

/**
 * How PostgreSQL is told its data folder. Another user may not be able to walk to it (a home folder is 0700), but it
 * can use the folder that it was started in: we enter it before we give up root, and this name leads back to it.
 * @param {Account} account
 * @param {string} cluster
 */
export function clusterPath(account, cluster) {
  return !account.own && process.platform === 'linux' ? '/proc/self/cwd' : cluster;
}

/**
 * Makes a database cluster that has run `statements` (one SQL statement each) as superuser. It is prepared beside its
 * place and then moved there, so that a cluster in place is always a whole one.
 * @param {{ cluster: string, account: Account, binaries: Binaries, statements: string[], durable: boolean, signal: AbortSignal }} options
 */
export async function createCluster({ cluster, account, binaries, statements, durable, signal }) {
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  try {
    handOver(draft, account, 'maker');
    const run = (/** @type {string} */ program, /** @type {string[]} */ args, input = '') =>
      runProgram(program, args, { cwd: draft, account, input, signal });
    const path = clusterPath(account, draft);
    await run(binaries.initdb, [
      `--pgdata=${path}`,
      '--username=postgres',
      '--encoding=UTF8',
      // The same order and letters on every machine, whatever its C library knows.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--auth=reject',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ]);
    // Without a network: until the passwords are set there is nothing to connect to.
    const output = await run(
      binaries.postgres,
      ['--single', '-D', path, '-c', `fsync=${durable ? 'on' : 'off'}`, 'postgres'],
      `${statements.join('\n')}\n`,
    );
    const complaint = output.split('\n').find((line) => /(ERROR|FATAL|PANIC):/.test(line));
    if (complaint) throw new Error(`the new database refused a statement: ${complaint}`);
    writeFileSync(join(draft, 'pg_hba.conf'), ACCESS);
    handOver(draft, account, 'server');
    renameSync(draft, cluster);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Whether there is a cluster; refuses one that these binaries cannot read.
 * @param {string} cluster
 */
export function hasCluster(cluster) {
  if (!existsSync(cluster)) return false;
  const file = join(cluster, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'an unknown version';
  if (version === MAJOR_VERSION) return true;
  throw new Failure(
    `The database in ${cluster} was made by PostgreSQL ${version}; this is PostgreSQL ${MAJOR_VERSION}.`,
    'Move the folder away to start with an empty database.',
  );
}

/**
 * Only what the programs need: a PGDATA or PGPORT of the user must not lead them elsewhere.
 * @returns {NodeJS.ProcessEnv}
 */
export function postgresEnvironment() {
  const { PATH, SystemRoot, TEMP, TMP } = process.env;
  return { PATH, LC_ALL: 'C', TZ: 'UTC', ...(process.platform === 'win32' && { SystemRoot, TEMP, TMP }) };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, account: Account, input: string, signal: AbortSignal }} options
 */
async function runProgram(program, args, { cwd, account, input, signal }) {
  const child = spawn(program, args, { ...spawnAs(account, 'maker'), cwd, env: postgresEnvironment(), signal });
  const exited = new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status, output, errors] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  signal.throwIfAborted();
  if (status === 0) return errors;
  const line = errors.split('\n').find((text) => /error|FATAL/i.test(text)) ?? (errors.trim() || output.trim());
  const reason = line.replace(/^.*(FATAL|PANIC|ERROR):\s*/, '');
  throw new Failure(
    `The embedded database could not be made: ${reason}`,
    DISK_FULL.test(errors)
      ? 'Free some space on the disk and start again.'
      : 'Put that right and start again, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}
