import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { holderOf } from './claim.mjs';
import { dataFolder, readJson } from './data-folder.mjs';
import { Failure } from './failure.mjs';

/**
 * Prints an access token (RFC 9068) for one user of the Tandem that runs in this folder.
 * @param {{ root: string, args: string[], env: NodeJS.ProcessEnv }} options
 */
export async function main({ root, args: [email, ...others], env }) {
  if (env.NODE_ENV === 'production') {
    throw new Failure('Tokens are not made by hand in production.', 'Sign in as its owner.');
  }
  if (!email || others.length > 0 || email.startsWith('-'))
    throw new Failure('Whose token?', 'Give one e-mail address: npm run -s token -- ada@tandem.example');

  const data = dataFolder(root, env);
  const running = existsSync(data) ? await holderOf(data) : undefined;
  const note = readJson(join(data, 'running.json'));
  if (!running?.url || !note) {
    throw new Failure(
      'Tandem is not running in this folder.',
      'Start it with `npm start`, and ask again when it is ready.',
    );
  }
  // The build that runs: what `npm start` made.
  const { signAccessToken, SigningKeyUnreadable } = await import(pathToFileURL(join(root, 'dist/src/token.js')).href);
  const encryptionKeys = env.ENCRYPTION_KEYS?.trim() || readJson(join(data, 'keys', 'encryption-key.json'))?.key;
  try {
    const token = await signAccessToken(email, { ...note, encryptionKeys });
    if (token) {
      process.stdout.write(`${token}\n`);
      return 0;
    }
  } catch (error) {
    if (!(error instanceof SigningKeyUnreadable)) throw error;
    throw new Failure(
      'The key that signs tokens cannot be opened.',
      'Set ENCRYPTION_KEYS to what the Tandem that runs was started with.',
    );
  }
  throw new Failure(
    'No user has this e-mail address.',
    'Demo users are admin, manager, support, ada and grace @tandem.example.',
  );
}
