import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isPublicKeySet, newSecret, secretMatches } from './client-keys.js';

const now = new Date('2026-03-14T12:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);

describe('secrets', () => {
  const first = newSecret(now);
  const second = newSecret(now);
  const secrets = [second.kept, { ...first.kept, expiresAt: at(1000).toISOString() }];
  it('are kept so that nobody can read them', () => {
    expect(first.secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(first.kept)).not.toContain(first.secret);
  });
  it('match while they are valid', () => {
    expect(secretMatches(secrets, first.secret, now)).toBe(true);
    expect(secretMatches(secrets, second.secret, now)).toBe(true);
    expect(secretMatches(secrets, first.secret, at(1000))).toBe(false);
    expect(secretMatches(secrets, second.secret, at(1e12))).toBe(true);
  });
  it('of others do not match', () => {
    for (const wrong of ['', newSecret(now).secret, first.kept.hash])
      expect(secretMatches(secrets, wrong, now)).toBe(false);
    expect(secretMatches([], first.secret, now)).toBe(false);
  });
});

const publicJwk = (...pair: [string, object?]): JsonWebKey =>
  generateKeyPairSync(pair[0] as 'ec', pair[1] as { namedCurve: string }).publicKey.export({ format: 'jwk' });
describe('a set of keys', () => {
  it.each<[string, () => object, boolean]>([
    ['P-256', () => ({ keys: [publicJwk('ec', { namedCurve: 'P-256' })] }), true],
    ['Ed25519', () => ({ keys: [publicJwk('ed25519')] }), true],
    ['RSA of 2048 bits', () => ({ keys: [publicJwk('rsa', { modulusLength: 2048 })] }), true],
    ['RSA of 1024 bits', () => ({ keys: [publicJwk('rsa', { modulusLength: 1024 })] }), false],
    ['P-384', () => ({ keys: [publicJwk('ec', { namedCurve: 'P-384' })] }), false],
    ['no key', () => ({ keys: [] }), false],
    ['a secret', () => ({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }), false],
    ['a private key', () => ({ keys: [{ ...publicJwk('ec', { namedCurve: 'P-256' }), d: 'x' }] }), false],
    ['null', () => ({ keys: [null] }), false],
    ['something else', () => ({ keys: 'x' }), false],
    ['an address', () => ({ keys: [publicJwk('ed25519')], jku: 'https://evil.example' }), false],
  ])('with %s', (_name, make, expected) => {
    expect(isPublicKeySet(make() as Record<string, unknown>)).toBe(expected);
  });
});
