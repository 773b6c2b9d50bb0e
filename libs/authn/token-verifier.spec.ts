import { createHmac, createPublicKey } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Config } from '#libs/config/config.js';
import { TestIssuer } from '#libs/testing/issuer.js';
import type { ExternalTokens } from './external/external-tokens.js';
import type { SigningKey } from './signing-key-store.js';
import type { SigningKeys } from './signing-keys.js';
import { TokenVerifier } from './token-verifier.js';

const sub = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
let issuer: TestIssuer;
let stranger: TestIssuer;
let verifier: TokenVerifier;
/** Keys as an instance knows them; `stored` are those of the table that it has not seen yet. */
class Keys {
  private listener = () => {};
  looks = 0;
  stored?: SigningKey[];
  constructor(public published: SigningKey[]) {}
  onChange(listener: () => void) {
    this.listener = listener;
  }
  take(keys: SigningKey[]) {
    this.published = keys;
    this.listener();
  }
  async lookAgain() {
    this.looks++;
    if (this.stored) this.take(this.stored);
  }
}
const keyOf = ({ publicJwk }: TestIssuer, kid = 'test') =>
  ({ kid, publicJwk, state: 'active', privateJwk: {} }) as SigningKey;
const verifierOf = ({ issuer: iss, audience }: TestIssuer, keys: Keys) =>
  new TokenVerifier(
    { tokens: { issuer: iss, audience } } as unknown as Config,
    keys as unknown as SigningKeys,
    { onKeysRemoved: () => undefined, claims: () => false } as unknown as ExternalTokens,
  );
beforeAll(async () => {
  issuer = await TestIssuer.create();
  stranger = await TestIssuer.create();
  verifier = verifierOf(issuer, new Keys([keyOf(issuer)]));
});
afterEach(() => {
  vi.useRealTimers();
});
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);

describe('a token', () => {
  it('of our issuer gives its claims, again and again', async () => {
    const token = await issuer.token(sub);
    for (let i = 0; i < 3; i++) expect(verifier.verify(token)).toMatchObject({ sub, client_id: 'test' });
    expect(verifier.remembered(token)).toMatchObject({ sub });
    expect(verifier.remembered(await issuer.token(sub, { jti: 'new' }))).toBeUndefined();
  });
  it('is forgotten when it expires', async () => {
    const token = await issuer.token(sub, { exp: seconds() + 60 });
    expect(verifier.verify(token)).toMatchObject({ sub });
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] });
    expect(verifier.remembered(token)).toBeUndefined();
    for (let i = 0; i < 2; i++)
      expect(() => verifier.verify(token)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }));
  });
  it.each<[string, () => Promise<string> | string]>([
    ['another issuer', () => issuer.token(sub, { iss: 'http://other.test' })],
    ['another audience', () => issuer.token(sub, { aud: 'other' })],
    ['no audience', () => issuer.token(sub, { aud: undefined })],
    ['an end that has passed', () => issuer.token(sub, { exp: seconds() - 1 })],
    ['no end', () => issuer.token(sub, { exp: undefined })],
    ['a beginning that has not come', () => issuer.token(sub, { nbf: seconds() + 60 })],
    ['no subject', () => issuer.token(undefined as never)],
    ['a subject that is no account', () => issuer.token('admin')],
    ['the id of an account as that of a service', () => issuer.token(sub, { client_id: sub })],
    ['the type of an ID token', () => issuer.token(sub, {}, { typ: 'JWT' })],
    ['no type', () => issuer.token(sub, {}, { typ: undefined })],
    ['a key that nobody has', () => issuer.token(sub, {}, { kid: 'other' })],
    ['no key', () => issuer.token(sub, {}, { kid: undefined })],
    ['the key of somebody else under our name', () => stranger.token(sub)],
    [
      'a changed subject',
      async () => {
        const [head, , signature] = (await issuer.token(sub)).split('.');
        return `${head}.${part({ sub, iss: issuer.issuer, aud: issuer.audience, iat: seconds(), exp: seconds() + 60 })}.${signature}`;
      },
    ],
    [
      'no signature',
      () =>
        `${part({ alg: 'none', typ: 'at+jwt', kid: 'test' })}.${part({ sub, iss: issuer.issuer, aud: issuer.audience, iat: seconds(), exp: seconds() + 60 })}.`,
    ],
    [
      'our public key for a secret',
      () => {
        const pem = createPublicKey({ key: issuer.publicJwk, format: 'jwk' }).export({
          type: 'spki',
          format: 'pem',
        });
        const signed = `${part({ alg: 'HS256', typ: 'at+jwt', kid: 'test' })}.${part({ sub, iss: issuer.issuer, aud: issuer.audience, iat: seconds(), exp: seconds() + 60 })}`;
        return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
      },
    ],
    ['nothing', () => ''],
    ['two parts', () => `${part({ kid: 'test' })}.${part({ sub })}`],
    ['a header that is none', () => `${part([])}.${part({ sub })}.x`],
    ['null for a header', () => `${Buffer.from('null').toString('base64url')}.${part({ sub })}.x`],
    ['more than fits', () => 'x'.repeat(100_000)],
  ])('with %s is refused', async (_name, make) => {
    const token = await make();
    for (let i = 0; i < 2; i++)
      expect(() => verifier.verify(token)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }));
    expect(verifier.remembered(token)).toBeUndefined();
  });
});
describe('keys', () => {
  it('that were made a moment ago are looked for, once for each token that names them', async () => {
    const keys = new Keys([keyOf(issuer)]);
    const other = verifierOf(issuer, keys);
    const token = await issuer.token(sub, {}, { kid: 'new' });
    await expect(other.verifyWithNewKeys(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    keys.stored = [keyOf(issuer), keyOf(issuer, 'new')];
    expect(await other.verifyWithNewKeys(token)).toMatchObject({ sub });
    expect(await other.verifyWithNewKeys(token)).toMatchObject({ sub });
    expect(keys.looks).toBe(2);
  });
  it('that were taken away take with them what was verified with them', async () => {
    const keys = new Keys([keyOf(issuer)]);
    const other = verifierOf(issuer, keys);
    const token = await issuer.token(sub);
    expect(other.verify(token)).toMatchObject({ sub });
    keys.take([keyOf(stranger, 'another')]);
    expect(other.remembered(token)).toBeUndefined();
    expect(() => other.verify(token)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }));
  });
});
