import { createPublicKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { JWK } from 'jose';
import { hashOfSecret } from '#libs/oidc/client-metadata.js';

/** A secret as it is kept: nobody can read it again. */
export interface KeptSecret {
  /** SHA-256 in base64url. Secrets are 256 random bits, so nothing slower is needed. */
  readonly hash: string;
  readonly createdAt: string;
  /** Null while it is the last one. */
  readonly expiresAt: string | null;
}

export function newSecret(now: Date): { secret: string; kept: KeptSecret } {
  const secret = randomBytes(32).toString('base64url');
  return { secret, kept: { hash: hashOfSecret(secret), createdAt: now.toISOString(), expiresAt: null } };
}
export const isValidAt = ({ expiresAt }: KeptSecret, now: Date): boolean =>
  expiresAt === null || new Date(expiresAt) > now;

/** Whether a client presents one of its secrets that are valid now. */
export function secretMatches(secrets: readonly KeptSecret[], presented: string, now: Date): boolean {
  const hash = Buffer.from(hashOfSecret(presented));
  // All of them, so that the time taken does not tell which one it is.
  return secrets.map((kept) => timingSafeEqual(hash, Buffer.from(kept.hash)) && isValidAt(kept, now)).includes(true);
}

const maxKeys = 10;
/** Public keys that a client signs its assertions with (RFC 7523): for ES256, EdDSA or RS256 and PS256 from 2048 bits. */
export function isPublicKeySet(jwks: Readonly<Record<string, unknown>>): boolean {
  const { keys, ...others } = jwks;
  if (Object.keys(others).length > 0 || !Array.isArray(keys) || keys.length === 0 || keys.length > maxKeys)
    return false;
  return keys.every((key) => typeof key === 'object' && key !== null && isPublicKey(key as JWK));
}
function isPublicKey(jwk: JWK): boolean {
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].some((name) => name in jwk)) return false;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: jwk, format: 'jwk' });
    if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
    return asymmetricKeyType === 'ed25519' || asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
