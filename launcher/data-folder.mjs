import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Absolute path of the folder that holds the embedded database and the keys.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function dataFolder(root, env) {
  return resolve(root, env.DATA_DIR?.trim() || '.data');
}

/**
 * Makes the folder and proves that it can be written, before anything is started that would fail half-way.
 * @param {string} folder
 */
export function prepareDataFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const probe = join(folder, `.probe-${process.pid}`);
  writeFileSync(probe, 'probe');
  rmSync(probe);
}

/**
 * Writes JSON that only the current user can read. A reader, and a run after kill -9, sees the old text or the new one.
 * @param {string} path
 * @param {unknown} value
 */
export function writePrivateJson(path, value) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, path);
}

/**
 * The parsed file, or undefined when there is none that this user can read.
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
