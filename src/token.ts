import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import pg from 'pg';
import { SigningKeyStore, type SigningKey } from '#libs/authn/signing-key-store.js';
import { readEnvironment } from '#libs/config/environment.js';
import { Secrets } from '#libs/secrets/secrets.js';

const lifetime = '1 h';

/** The encryption keys at hand do not open the key that signs. */
export class SigningKeyUnreadable extends Error {
  override readonly name = 'SigningKeyUnreadable';
}

/**
 * `npm run token`: an access token (RFC 9068) as the service on this database would sign it, for somebody who has not signed
 * in. Undefined when no user has the address.
 */
export async function signAccessToken(
  email: string,
  service: { databaseUrl: string; issuer: string; audience: string; encryptionKeys: string },
): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: service.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      'select id from users where email = lower($1) and deleted_at is null',
      [email],
    );
    if (rows.length === 0) return undefined;
    const { kid, privateJwk } = await signingKey(client, service.encryptionKeys);
    return await new SignJWT({ client_id: 'tandem-cli', scope: 'api' })
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
      .setIssuer(service.issuer)
      .setAudience(service.audience)
      .setSubject(rows[0].id)
      .setIssuedAt()
      .setExpirationTime(lifetime)
      .setJti(randomUUID())
      .sign(await importJWK(privateJwk, 'ES256'));
  } finally {
    await client.end();
  }
}
async function signingKey(client: pg.Client, encryptionKeys: string): Promise<SigningKey> {
  const keys = readEnvironment({ ENCRYPTION_KEYS: encryptionKeys }).environment.ENCRYPTION_KEYS ?? [];
  const query = async (text: string, values: readonly unknown[]) =>
    (await client.query({ text, values: [...values], rowMode: 'array' })).rows as unknown[][];
  try {
    return (await new SigningKeyStore(query, new Secrets({ encryptionKeys: keys })).read())[0];
  } catch (cause) {
    throw new SigningKeyUnreadable('The key that signs tokens cannot be opened.', { cause });
  }
}
