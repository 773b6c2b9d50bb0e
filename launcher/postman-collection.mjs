import { join } from 'node:path';
import { areClientsInstalled, installClients } from './clients.mjs';
import { runOn } from './runtime.mjs';

/**
 * `npm run docs:postman`: writes the Postman collection from the contract in test/contract. With `--if-installed` it is
 * left alone where the converter is not installed.
 * @param {{ root: string, args: string[] }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args }) {
  if (args.includes('--if-installed') && !areClientsInstalled(root)) {
    process.stdout.write('The Postman collection is as it was: `npm run docs:postman` renews it.\n');
    return 0;
  }
  installClients(root);
  return runOn(process.execPath, ['--conditions=source', join(root, 'test/clients/postman-collection.ts')]);
}
