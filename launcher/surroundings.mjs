import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf } from './claim.mjs';
import { dataFolder, readJson } from './data-folder.mjs';

/**
 * The environment that the service has or would have.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function surroundings(root, env) {
  const isSet = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_OWNER_URL'].some((name) => env[name]?.trim());
  if (isSet || env.NODE_ENV === 'production') return { env };
  const folder = dataFolder(root, env);
  if (!existsSync(folder)) return { env, embedded: { folder: root, running: false } };

  const encryptionKey = readJson(join(folder, 'keys', 'encryption-key.json'))?.key;
  const url = (await holderOf(folder))?.url;
  const running = url !== undefined;
  const known = {
    ...env,
    ...(!env.ENCRYPTION_KEYS?.trim() && encryptionKey && { ENCRYPTION_KEYS: encryptionKey }),
    // The port may have been chosen by the one that runs.
    ...(running && !env.PUBLIC_URL?.trim() && { PUBLIC_URL: url }),
  };
  const databaseUrl = readJson(join(folder, 'running.json'))?.databaseUrl;
  if (!running || !databaseUrl) return { env: known, embedded: { folder, running: false } };

  const state = readJson(join(folder, 'postgres.json'));
  const owner = new URL(databaseUrl);
  // Tandem may run here on a database of somebody else's, too.
  if (owner.hostname !== '127.0.0.1' || owner.port !== String(state?.port))
    return { env: { ...known, DATABASE_URL: databaseUrl } };
  owner.username = 'tandem_owner';
  owner.password = state.passwords.owner;
  return {
    env: { ...known, DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: owner.href },
    embedded: { folder, running: true },
  };
}
