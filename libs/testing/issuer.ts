import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { SigningKeyStore } from '#libs/authn/signing-key-store.js';
import type { Secrets } from '#libs/secrets/secrets.js';
import type { TestDatabase } from './database.js';

/** Signs access tokens as the service itself would, with a key of its own that an application may be given. */
export class TestIssuer {
  private constructor(
    private readonly key: CryptoKey,
    private readonly privateJwk: JWK,
    readonly publicJwk: JWK,
    readonly issuer: string,
  ) {}
  readonly audience = 'tandem';

  /** `issuer` is the PUBLIC_URL of the application that shall take the tokens. */
  static async create(issuer = 'http://localhost:3000'): Promise<TestIssuer> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const publicJwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
    return new TestIssuer(privateKey, await exportJWK(privateKey), publicJwk, issuer);
  }
  /** Makes the key one of those that applications on this database sign with and trust. */
  async addTo(database: TestDatabase, secrets: Secrets): Promise<void> {
    const query = async (text: string, values: readonly unknown[]) =>
      (await database.sql(text, [...values])).map((row) => Object.values(row));
    await new SigningKeyStore(query, secrets).add('test', this.privateJwk);
  }
  /** A token for the account; `claims` and `header` change what is in it. */
  token(sub: string, claims: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: this.issuer,
      aud: this.audience,
      sub,
      iat: now,
      exp: now + 600,
      client_id: 'test',
      scope: 'api',
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'test', ...header })
      .sign(this.key);
  }
}
