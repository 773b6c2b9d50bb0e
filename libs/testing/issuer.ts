import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

/** Signs access tokens as an issuer would, with a key of its own whose public half lies in a file. */
export class TestIssuer {
  private constructor(
    private readonly folder: string,
    private readonly key: CryptoKey,
    readonly publicJwk: Record<string, unknown>,
  ) {}
  readonly issuer = 'http://issuer.test';
  readonly audience = 'tandem';

  static async create(): Promise<TestIssuer> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
    const folder = mkdtempSync(join(tmpdir(), 'tandem-issuer-'));
    writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [jwk] }));
    return new TestIssuer(folder, privateKey, jwk);
  }
  get jwksFile(): string {
    return join(this.folder, 'jwks.json');
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
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
