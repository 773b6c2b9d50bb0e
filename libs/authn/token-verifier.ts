import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { createVerifier } from 'fast-jwt';
import { Config } from '#libs/config/config.js';
import { isUuid } from '#libs/database/list.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

export interface AccessToken {
  readonly sub: string;
  readonly exp: number;
  readonly client_id?: string;
  /** Without it the token lets nothing but what everybody may. */
  readonly scope?: string;
}
type Verify = (token: string) => AccessToken;
const maxVerified = 20_000;
const maxTokenLength = 8192;

/**
 * Checks JWT access tokens (RFC 9068): `typ` at+jwt, ES256 by a key of the configured set, issuer, audience, times.
 * A token that was verified once is not verified again before it expires: a signature check costs more than a request.
 */
@Injectable()
export class TokenVerifier {
  private readonly byKeyId = new Map<string, Verify>();
  private readonly verified = new Map<string, AccessToken>();

  constructor(config: Config) {
    const { keys } = JSON.parse(readFileSync(config.tokens.jwksFile, 'utf8')) as { keys: Record<string, string>[] };
    for (const jwk of keys) {
      if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || !jwk.kid) continue;
      const key = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      this.byKeyId.set(
        jwk.kid,
        createVerifier({
          key,
          algorithms: ['ES256'],
          allowedIss: config.tokens.issuer,
          allowedAud: config.tokens.audience,
          checkTyp: 'at+jwt',
          requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat'],
          cache: false,
        }) as Verify,
      );
    }
    if (this.byKeyId.size === 0)
      throw new Error('TOKEN_JWKS_FILE holds no ES256 key with a kid. Add one and start again.');
  }
  /** The claims of a token that was verified before and has not expired. */
  remembered(token: string): AccessToken | undefined {
    const known = this.verified.get(token);
    return known && known.exp * 1000 > Date.now() ? known : undefined;
  }
  /** The claims of a valid token, or TOKEN_INVALID. */
  verify(token: string): AccessToken {
    const known = this.verified.get(token);
    if (known) {
      if (known.exp * 1000 > Date.now()) return known;
      this.verified.delete(token);
      throw new AppError(commonErrors.TOKEN_INVALID, { privateDetail: 'expired' });
    }
    const claims = this.check(token);
    if (this.verified.size >= maxVerified) this.verified.delete(this.verified.keys().next().value!);
    this.verified.set(token, claims);
    return claims;
  }
  private check(token: string): AccessToken {
    try {
      if (token.length > maxTokenLength) throw new Error('too long');
      const header = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString()) as {
        kid?: string;
      };
      const verify = this.byKeyId.get(header.kid ?? '');
      if (!verify) throw new Error('unknown key');
      const claims = verify(token);
      if (!isUuid(claims.sub)) throw new Error('the subject is no account');
      return claims;
    } catch (error) {
      throw new AppError(commonErrors.TOKEN_INVALID, { privateDetail: (error as Error).message });
    }
  }
}
