import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const notRunning =
  'The database does not answer. Start Tandem in this folder with `npm start` first, or set DATABASE_URL.';

/**
 * The database that a developer means: `DATABASE_OWNER_URL` or `DATABASE_URL` when set, else the one of the Tandem that
 * runs in this folder.
 */
export function findDatabase(env: Readonly<Record<string, string | undefined>>): string {
  if (env.NODE_ENV === 'production') throw new Error('Demo data is not for production.');
  const set = env.DATABASE_OWNER_URL?.trim() || env.DATABASE_URL?.trim();
  if (set) return set;
  try {
    const note = readFileSync(join(resolve(env.DATA_DIR?.trim() || '.data'), 'running.json'), 'utf8');
    return (JSON.parse(note) as { databaseUrl: string }).databaseUrl;
  } catch {
    throw new Error(notRunning);
  }
}
