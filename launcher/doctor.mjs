import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenChanged } from './build.mjs';
import { surroundings } from './surroundings.mjs';

/**
 * `npm run doctor`: looks at what the environment names, or else at the Tandem of this folder, running or not.
 * @param {{ root: string, args: string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args, env }) {
  await buildWhenChanged(root, new AbortController().signal);
  const { doctor } = await import(pathToFileURL(join(root, 'dist/src/doctor.js')).href);
  return doctor(args, await surroundings(root, env));
}
