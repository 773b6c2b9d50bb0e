import { join } from 'node:path';
import { installClients } from './clients.mjs';
import { runOn } from './runtime.mjs';

/**
 * `npm run test:clients`: installs what test/clients/package-lock.json names, when that has not been done yet, checks the
 * types of the tests there and runs them.
 * @param {{ root: string, args: string[] }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args }) {
  installClients(root);
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
