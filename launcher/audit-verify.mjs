import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenChanged } from './build.mjs';
import { surroundings } from './surroundings.mjs';

/**
 * `npm run audit:verify`: reads the audit trail of what the environment names, or else of the Tandem that runs in this folder.
 * @param {{ root: string, args: string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args, env }) {
  await buildWhenChanged(root, new AbortController().signal);
  const { auditVerify } = await import(pathToFileURL(join(root, 'dist/src/audit-verify.js')).href);
  return auditVerify(args, (await surroundings(root, env)).env);
}
