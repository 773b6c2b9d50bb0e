import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { runOn } from './runtime.mjs';

/**
 * `npm run test:clients`: installs what test/clients/package-lock.json names, when that has not been done yet, checks the
 * types of the tests there and runs them.
 * @param {{ root: string, args: string[] }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args }) {
  const folder = join(root, 'test', 'clients');
  const installed = join(folder, 'node_modules', '.package-lock.json');
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs;
  if (!isCurrent && spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit', shell: true }).status !== 0) {
    throw new Failure('The clients of test/clients could not be installed.', 'Run `npm ci` there to see why.');
  }
  const checked = await runOn(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    join('test', 'clients'),
  ]);
  if (checked !== 0) return checked;
  return runOn(process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    join('test', 'clients', 'vitest.config.ts'),
    ...args,
  ]);
}
