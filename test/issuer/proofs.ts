import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** A key of a client that proves it has it (RFC 9449). */
export class ProofKey {
  private constructor(
    private readonly key: CryptoKey,
    readonly publicJwk: JWK,
    readonly thumbprint: string,
  ) {}
  static async create(): Promise<ProofKey> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    return new ProofKey(privateKey, publicJwk, await calculateJwkThumbprint(publicJwk));
  }
  /** A proof; `claims` and `header` change what is in it. */
  proof(method: string, address: string, token?: string, claims: object = {}, header: object = {}): Promise<string> {
    return new SignJWT({
      htm: method,
      htu: address,
      jti: randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      ...(token !== undefined && { ath: createHash('sha256').update(token).digest('base64url') }),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.publicJwk, ...header })
      .sign(this.key);
  }
}
