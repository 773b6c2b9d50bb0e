import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { cpuTimeOf, Patience } from './patience.mjs';
import { spawnAs } from './postgres-account.mjs';
import { clusterPath, DISK_FULL, postgresEnvironment } from './postgres-cluster.mjs';

/**
 * @typedef {import('./postgres-account.mjs').Account} Account
 * @typedef {import('./postgres-binaries.mjs').Binaries} Binaries
 * @typedef {{ cluster: string, account: Account, binaries: Binaries, logFile: string, settings: Record<string, string> }} Server
 * @typedef {{ pid: number, exited: Promise<void>, stop(how: 'fast' | 'immediate'): Promise<void> }} RunningServer
 */

/** The port was taken between our look and its start; the caller chooses another one. */
export class PortTaken extends Error {}

/** For what a killed server left behind to go. */
const GONE_WITHIN = 120_000;
/** @type {[NodeJS.Signals, number][]} */
const FAST_STOP = [['SIGINT', 15_000]];

/** A postmaster that was killed leaves backends for a moment, and its shared memory with them. */
const LEFT_BEHIND = /pre-existing shared memory block/;
const LOCKED = /lock file "postmaster\.pid" already exists/;

/**
 * Starts PostgreSQL on 127.0.0.1 and resolves when it accepts connections.
 * @param {Server} server
 * @param {number} port
 * @param {AbortSignal} signal
 * @returns {Promise<RunningServer>}
 */
export async function startServer(server, port, signal) {
  const deadline = Date.now() + GONE_WITHIN;
  for (;;) {
    await stopLeftover(server);
    const attempt = await tryStart(server, port, signal);
    if ('running' in attempt) return attempt.running;
    signal.throwIfAborted();
    if (/could not bind|could not create any TCP\/IP sockets/.test(attempt.log))
      throw new PortTaken(`port ${port} of the embedded PostgreSQL is taken`);
    if (LOCKED.test(attempt.log)) removeFalseLock(server.cluster);
    else if (!LEFT_BEHIND.test(attempt.log)) throw startFailure(attempt.log, server.logFile);
    if (Date.now() > deadline) throw startFailure(attempt.log, server.logFile);
    await pause(100, undefined, { signal });
  }
}

/**
 * @param {Server} server
 * @param {number} port
 * @param {AbortSignal} signal
 * @returns {Promise<{ running: RunningServer } | { log: string }>}
 */
async function tryStart({ cluster, account, binaries, logFile, settings }, port, signal) {
  const log = openSync(logFile, 'a+', 0o600);
  try {
    const start = statSync(logFile).size;
    const all = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', ...settings };
    const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(binaries.postgres, ['-D', clusterPath(account, cluster), ...options], {
      ...spawnAs(account, 'server'),
      cwd: cluster,
      env: postgresEnvironment(),
      stdio: ['ignore', log, log],
      // In a session of its own: Ctrl-C in a terminal goes to a whole group, and the service has to end first.
      detached: true,
    });
    /** @type {Promise<void>} */
    const exited = new Promise((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
    // Absent when the program could not be started at all; then `exited` is settled and the id is never used.
    const pid = child.pid ?? 0;
    let running = true;
    void exited.then(() => (running = false));

    // While it recovers, it says every ten seconds how far it is.
    const patience = new Patience('PostgreSQL to accept connections', () => statSync(logFile).size + cpuTimeOf(pid));
    while (running && !patience.isOver() && !signal.aborted) {
      if (isReady(cluster, pid)) {
        return {
          running: { pid, exited, stop: (how) => (running ? stop(pid, exited, how, { cluster, binaries }) : exited) },
        };
      }
      await Promise.race([exited, pause(20)]);
    }
    if (running) await stop(pid, exited, 'immediate', { cluster, binaries });
    const end = statSync(logFile).size;
    const text = Buffer.alloc(Math.min(end - start, 100_000));
    readSync(log, text, 0, text.length, end - text.length);
    return { log: text.toString() };
  } finally {
    closeSync(log);
  }
}

/**
 * Line 8 of postmaster.pid is the server's own word that it accepts connections; pg_ctl waits for the same.
 * @param {string} cluster
 * @param {number} pid
 */
function isReady(cluster, pid) {
  const lines = lockFileOf(cluster);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** @param {string} cluster */
function lockFileOf(cluster) {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * @param {number} pid
 * @param {Promise<void>} exited
 * @param {'fast' | 'immediate'} how immediate skips the checkpoint; the next start recovers from the log
 * @param {{ cluster: string, binaries?: Binaries }} server
 */
async function stop(pid, exited, how, { cluster, binaries }) {
  if (process.platform === 'win32') {
    if (binaries) spawnSync(binaries.pgCtl, ['stop', '-D', cluster, '-m', how], { env: postgresEnvironment() });
    return;
  }
  /** @type {[NodeJS.Signals, number][]} */
  const steps = [...(how === 'fast' ? FAST_STOP : []), ['SIGQUIT', 6_000], ['SIGKILL', 6_000]];
  for (const [signal, patience] of steps) {
    signalProcess(pid, signal);
    if (await Promise.race([exited.then(() => true), pause(patience, false, { ref: false })])) return;
  }
}

/**
 * Ends the server of this cluster that a killed launcher left running.
 * @param {{ cluster: string, binaries?: Binaries, how?: 'fast' | 'immediate' }} server
 */
export async function stopLeftover({ cluster, binaries, how = 'fast' }) {
  const pid = Number(lockFileOf(cluster)[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const whenGone = async () => {
    while (servesCluster(pid, cluster)) await pause(20);
  };
  if (process.platform === 'win32' || servesCluster(pid, cluster)) {
    await stop(pid, whenGone(), how, { cluster, binaries });
  }
}

/**
 * PostgreSQL takes any process of its user with the id in the lock file for a server, also one that got the id of a
 * killed server. The file goes only when nothing at all lives in the cluster: it is also how a new server learns of
 * backends that outlived the old one.
 * @param {string} cluster
 */
function removeFalseLock(cluster) {
  if (process.platform !== 'linux') return;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  if (!pids.some((pid) => servesCluster(Number(pid), cluster)))
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

/**
 * @param {number} pid
 * @param {string} cluster
 */
function servesCluster(pid, cluster) {
  if (process.platform === 'linux') {
    try {
      // A zombie has no folder any more, so it does not count.
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    } catch {
      return false;
    }
  }
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  return stdout.includes('postgres') && stdout.includes(cluster);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/**
 * @param {string} log
 * @param {string} logFile
 */
function startFailure(log, logFile) {
  const reason = log.split('\n').findLast((line) => /(FATAL|PANIC|ERROR):|postgres: /.test(line));
  const problem = `The embedded PostgreSQL does not start: ${reason?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ?? 'it says nothing.'}`;
  if (DISK_FULL.test(log)) return new Failure(problem, 'Free some space on the disk and start again.');
  return new Failure(problem, `Its log is ${logFile}.${existsSync('/dev/shm') ? '' : ' It needs /dev/shm.'}`);
}
