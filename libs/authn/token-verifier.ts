import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createVerifier } from 'fast-jwt';
import { Config } from '#libs/config/config.js';
import { isUuid } from '#libs/database/list.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { SigningKey } from './signing-key-store.js';
import { ExternalTokens, type ExternalGrant } from './external/external-tokens.js';
import { SigningKeys } from './signing-keys.js';

export interface AccessToken {
  readonly sub: string;
  readonly exp: number;
  readonly client_id?: string;
  /** Without it the token lets nothing but what everybody may. */
  readonly scope?: string;
  /** Public id of the grant, which is the session that people see. */
  readonly gid?: string;
  /** The key that whoever presents the token has to prove (RFC 9449 §6). */
  readonly cnf?: { readonly jkt?: string };
  /** Who acts as the subject (RFC 8693 §4.1), and the session of theirs with whose end the token ends. */
  readonly act?: { readonly sub: string; readonly gid?: string };
  /** Of a token that another issuer has signed; never read from one. */
  readonly external?: ExternalGrant;
}
type Verify = (token: string) => AccessToken;
const maxVerified = 20_000;
/** What another issuer and the accounts have said is asked again after so long. */
const rememberExternalFor = 10 * 60_000;
const maxTokenLength = 8192;

/**
 * Checks JWT access tokens (RFC 9068): `typ` at+jwt, ES256 by a key of ours, issuer, audience, times. A token that was
 * verified once is not verified again before it expires: a signature check costs more than a request.
 */
@Injectable()
export class TokenVerifier {
  private byKeyId = new Map<string, Verify>();
  private readonly verified = new Map<string, AccessToken>();

  constructor(
    private readonly config: Config,
    private readonly keys: SigningKeys,
    private readonly external: ExternalTokens,
  ) {
    external.onKeysRemoved((issuer) => this.forgetThoseOf(issuer));
    keys.onChange(() => this.takeKeys());
    this.takeKeys();
  }
  /** The claims of a token that was verified before and has not expired. */
  remembered(token: string): AccessToken | undefined {
    const known = this.verified.get(token);
    return known && known.exp * 1000 > Date.now() ? known : undefined;
  }
  /** The claims of a valid token of ours, or of any that is remembered, or TOKEN_INVALID. */
  verify(token: string): AccessToken {
    const known = this.verified.get(token);
    if (known) {
      if (known.exp * 1000 > Date.now()) return known;
      this.verified.delete(token);
      throw invalid('expired');
    }
    return this.remember(token, this.check(token));
  }
  /** Whether only `verifyWithNewKeys` can tell: it takes another issuer's keys and the account that it means here. */
  isExternal(token: string): boolean {
    return !this.verified.has(token) && this.external.claims(token);
  }
  /**
   * The same, by a key that another instance may have made since the last look at the table, too, or by one of another
   * issuer that the configuration names.
   */
  async verifyWithNewKeys(token: string): Promise<AccessToken> {
    const known = this.remembered(token);
    if (known) return known;
    if (this.external.claims(token)) {
      const claims = await this.external.verify(token);
      const until = Math.min(claims.exp, (Date.now() + rememberExternalFor) / 1000);
      this.verified.delete(token);
      return this.remember(token, { ...claims, exp: until });
    }
    if (!this.byKeyId.has(keyIdOf(token))) await this.keys.lookAgain();
    return this.verify(token);
  }
  private remember(token: string, claims: AccessToken): AccessToken {
    if (this.verified.size >= maxVerified) this.verified.delete(this.verified.keys().next().value!);
    this.verified.set(token, claims);
    return claims;
  }
  private forgetThoseOf(issuer: string): void {
    for (const [token, { external }] of this.verified) if (external?.issuer === issuer) this.verified.delete(token);
  }
  private check(token: string): AccessToken {
    try {
      if (token.length > maxTokenLength) throw new Error('too long');
      const verify = this.byKeyId.get(keyIdOf(token));
      if (!verify) throw new Error('unknown key');
      const { external: _never, ...claims } = verify(token);
      // A service that acts in its own name is its own subject (RFC 9068 §2.2).
      if (isUuid(claims.sub) === (claims.sub === claims.client_id)) throw new Error('the subject is no account');
      if (claims.act !== undefined && !isUuid(claims.act?.sub)) throw new Error('nobody with an account acts');
      return claims;
    } catch (error) {
      throw invalid((error as Error).message);
    }
  }
  private takeKeys(): void {
    const before = this.byKeyId;
    this.byKeyId = new Map(this.keys.published.map((key) => [key.kid, this.verifierOf(key)]));
    // A key that is gone was taken away, and with it all that it signed.
    if ([...before.keys()].some((kid) => !this.byKeyId.has(kid))) this.verified.clear();
  }
  private verifierOf({ publicJwk }: Pick<SigningKey, 'publicJwk'>): Verify {
    const key = createPublicKey({ key: publicJwk, format: 'jwk' });
    return createVerifier({
      key: key.export({ type: 'spki', format: 'pem' }),
      algorithms: ['ES256'],
      allowedIss: this.config.tokens.issuer,
      allowedAud: this.config.tokens.audience,
      checkTyp: 'at+jwt',
      requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat'],
      cache: false,
    }) as Verify;
  }
}
const invalid = (privateDetail: string) => new AppError(commonErrors.TOKEN_INVALID, { privateDetail });

/** What the header says, which proves nothing; empty when there is nothing to be read. */
function keyIdOf(token: string): string {
  if (token.length > maxTokenLength) return '';
  try {
    const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString();
    const { kid } = JSON.parse(text) as { kid?: unknown };
    return typeof kid === 'string' ? kid : '';
  } catch {
    return '';
  }
}
