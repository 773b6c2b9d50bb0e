import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf } from './claim.mjs';
import { dataFolder, readJson } from './data-folder.mjs';
import { Failure } from './failure.mjs';

const LIFETIME_SECONDS = 3_600;

/**
 * Prints an access token (RFC 9068) for one user of the Tandem that runs in this folder.
 * @param {{ root: string, args: string[], env: NodeJS.ProcessEnv }} options
 */
export async function main({ root, args: [email, ...others], env }) {
  if (env.NODE_ENV === 'production') {
    throw new Failure('Tokens are not made by hand in production.', 'Sign in with your identity provider.');
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
  if (!note.signingKeyFile) {
    throw new Failure(
      'Tandem runs with the keys in TOKEN_JWKS_FILE, whose private half is not here.',
      'Sign in with the identity provider that has it, or start Tandem without TOKEN_JWKS_FILE.',
    );
  }
  const subject = await userIdOf(note.databaseUrl, email);
  if (!subject) {
    throw new Failure(
      'No user has this e-mail address.',
      'Demo users are admin, manager, support, ada and grace @tandem.example.',
    );
  }
  process.stdout.write(`${await sign(note, subject)}\n`);
  return 0;
}

/**
 * @param {string} databaseUrl
 * @param {string} email
 * @returns {Promise<string | undefined>}
 */
async function userIdOf(databaseUrl, email) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('select id from users where email = lower($1) and deleted_at is null', [email]);
    return rows[0]?.id;
  } finally {
    await client.end();
  }
}

/**
 * @param {{ issuer: string, audience: string, signingKeyFile: string }} note
 * @param {string} subject
 */
async function sign({ issuer, audience, signingKeyFile }, subject) {
  const { SignJWT, importJWK } = await import('jose');
  const key = readJson(signingKeyFile);
  return new SignJWT({ client_id: 'tandem-cli', scope: 'api' })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS} s`)
    .setJti(randomUUID())
    .sign(await importJWK(key, 'ES256'));
}
