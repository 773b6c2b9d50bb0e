import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { cpuTimeOf, Patience } from './patience.mjs';

/** @typedef {{ pid: number, exited: Promise<number>, stop(): Promise<void>, kill(): void }} RunningService */

/** How Node runs the service. Young objects in 16 MiB instead of 32: the same CPU a request, and less memory. */
export const nodeOptions = ['--max-semi-space-size=16'];

/** @param {string} root */
function entryOf(root) {
  return join(root, 'dist', 'src', 'main.js');
}

/**
 * Starts the built service. `exited` is its exit code; `stop` lets it finish its running requests, `kill` does not.
 * @param {{ root: string, env: NodeJS.ProcessEnv, graceSeconds: number }} options
 * @returns {RunningService}
 */
export function startService({ root, env, graceSeconds }) {
  const child = spawn(
    process.execPath,
    [...nodeOptions, '--import', new URL('end-with-launcher.mjs', import.meta.url).href, entryOf(root)],
    {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // In a session of its own: Ctrl-C reaches only the launcher, which then stops things in their order.
      detached: true,
    },
  );
  /** @type {Promise<number>} */
  const exited = new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
  return {
    pid: child.pid ?? 0,
    exited,
    async stop() {
      if (process.platform === 'win32') child.send('stop', () => {});
      // SIGTERM serves on for some seconds so that a load balancer can notice. A developer's machine has none.
      else child.kill(env.NODE_ENV === 'production' ? 'SIGTERM' : 'SIGINT');
      // Its own deadline comes first; ours is for a service that does not get that far.
      const ended = await Promise.race([
        exited.then(() => true),
        pause((graceSeconds + 5) * 1_000, false, { ref: false }),
      ]);
      if (!ended) child.kill('SIGKILL');
      await exited;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/**
 * Resolves when the service says that it is ready, and to its exit code when it ends before that.
 * @param {RunningService} service
 * @param {{ host: string, port: number, signal: AbortSignal }} options
 * @returns {Promise<number | undefined>}
 */
export async function whenReady(service, { host, port, signal }) {
  const patience = new Patience('the service to be ready', () => cpuTimeOf(service.pid));
  /** @type {number | undefined} */
  let exitCode;
  void service.exited.then((code) => (exitCode = code));
  while (exitCode === undefined) {
    if (await isReady(host, port)) return undefined;
    if (patience.isOver()) {
      throw new Failure(
        'The service does not become ready, and does nothing any more.',
        'Its log lines above say what it waits for.',
      );
    }
    await Promise.race([service.exited, pause(25, undefined, { signal })]);
  }
  return exitCode;
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isReady(host, port) {
  const address = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return new Promise((resolve) => {
    const request = get({ host: address, port, path: '/health/ready', agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/**
 * Ends the service that a killed launcher left running in this folder; it is about to end by itself.
 * @param {string} root
 * @param {number | undefined} pid as the former launcher noted it
 */
export async function stopLeftoverService(root, pid) {
  if (!pid || !isService(root, pid)) return;
  process.kill(pid, 'SIGTERM');
  for (const deadline = Date.now() + 2_000; Date.now() < deadline && isService(root, pid);) await pause(20);
  if (isService(root, pid)) process.kill(pid, 'SIGKILL');
  while (isService(root, pid)) await pause(20);
}

/**
 * @param {string} root
 * @param {number} pid
 */
function isService(root, pid) {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(entryOf(root));
    } catch {
      return false;
    }
  }
  if (process.platform === 'win32') return false;
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout.includes(entryOf(root));
}
