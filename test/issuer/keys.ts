import { randomUUID } from 'node:crypto';
import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import type { Instances } from './client.js';

/** What is in a token, unchecked. */
export const claimsOf = (token: string): JWTPayload => decodeJwt(token);

/** The keys of the service as others have them: fetched when one is missing, and kept. */
export class RemoteKeys {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(private readonly instances: Instances) {
    this.keys = createRemoteJWKSet(new URL(`${instances.publicUrl}/oauth/jwks`), {
      [customFetch]: (url: string) => instances.fetch(url),
      cooldownDuration: 0,
    });
  }
  /** Throws what `jwtVerify` throws. */
  async verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload & { kid?: string }> {
    const checks = { issuer: this.instances.publicUrl, algorithms: ['ES256'], ...options };
    const { payload, protectedHeader } = await jwtVerify(token, this.keys, checks);
    return { ...payload, kid: protectedHeader.kid };
  }
}

/** What a client proves by who it is (RFC 7523). */
export class ClientKey {
  readonly kid = 'k';
  private constructor(
    readonly privateKey: CryptoKey,
    readonly publicJwk: JWK,
    private readonly alg: string,
  ) {}
  static async create(alg: string): Promise<ClientKey> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    return new ClientKey(privateKey, { ...(await exportJWK(publicKey)), kid: 'k', use: 'sig' }, alg);
  }
  /** For a minute and once, unless `claims` say otherwise. */
  assertion(clientId: string, audience: string, claims: JWTPayload = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: now, exp: now + 60, ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: this.alg, kid: this.kid }).sign(this.privateKey);
  }
}
