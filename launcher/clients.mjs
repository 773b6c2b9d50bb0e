import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';

/**
 * Whether what test/clients/package-lock.json names is installed.
 * @param {string} root
 */
export function areClientsInstalled(root) {
  const folder = join(root, 'test', 'clients');
  const installed = join(folder, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs;
}

/**
 * Installs it when that has not been done yet.
 * @param {string} root
 */
export function installClients(root) {
  if (areClientsInstalled(root)) return;
  const cwd = join(root, 'test', 'clients');
  if (spawnSync('npm', ['ci'], { cwd, stdio: 'inherit', shell: true }).status !== 0) {
    throw new Failure('The clients of test/clients could not be installed.', 'Run `npm ci` there to see why.');
  }
}
