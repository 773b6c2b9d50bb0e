import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { createVerifier } from 'fast-jwt';
import { PinoLogger } from 'nestjs-pino';
import { fullScope } from '#libs/authz/scopes.js';
import { Config } from '#libs/config/config.js';
import type { TokenIssuer } from '#libs/config/environment.js';
import { Egress } from '#libs/egress/egress.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { ExternalAccounts } from './external-accounts.js';
import { IssuerKeys } from './issuer-keys.js';

type Claims = Readonly<Record<string, unknown>>;
interface TrustedIssuer {
  readonly settings: TokenIssuer;
  readonly keys: IssuerKeys;
}
/** What a token of another issuer says in our words. */
export interface ExternalToken {
  /** Account here. */
  readonly sub: string;
  readonly exp: number;
  readonly scope: string;
  readonly cnf?: { readonly jkt?: string };
  readonly external: ExternalGrant;
}
export interface ExternalGrant {
  readonly issuer: string;
  /** Of the account and the identity; the token ends with it. */
  readonly linkId: string;
  /** Roles that its holder acts with, of those that the account has of its own. */
  readonly rolesOf: (own: readonly string[]) => readonly string[];
}

const keepUpEvery = 30_000;
/** Clocks of others. What has ended has ended, though. */
const clockToleranceMs = 5_000;
const maxSubject = 255;
/** What ID tokens, logout tokens and refresh tokens of many issuers have and access tokens have not. */
const foreignToAccess = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'];

/** Access tokens of issuers that the configuration names, for accounts here that are linked to their subjects. */
@Injectable()
export class ExternalTokens implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  private readonly listeners: ((issuer: string) => void)[] = [];
  private timer?: NodeJS.Timeout;

  constructor(
    config: Config,
    egress: Egress,
    private readonly accounts: ExternalAccounts,
    logger: PinoLogger,
  ) {
    this.issuers = new Map(
      config.tokens.issuers.map((settings) => {
        const removed = () => this.listeners.forEach((listener) => listener(settings.issuer));
        return [settings.issuer, { settings, keys: new IssuerKeys(settings, egress, logger, removed) }];
      }),
    );
  }
  onApplicationBootstrap(): void {
    if (this.issuers.size === 0) return;
    const tick = () => void this.keepUp();
    this.timer = setInterval(tick, keepUpEvery).unref();
    tick();
  }
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
  /** `listener` is called with the issuer whenever keys of it have gone, and with them all that they signed. */
  onKeysRemoved(listener: (issuer: string) => void): void {
    this.listeners.push(listener);
  }
  async keepUp(): Promise<void> {
    await Promise.all([...this.issuers.values()].map(({ keys }) => keys.keepUp()));
  }
  /** Whether the token says that it is of one of these issuers, which proves nothing. */
  claims(token: string): boolean {
    return this.issuers.size > 0 && this.issuerOf(token) !== undefined;
  }
  /** TOKEN_INVALID, or what the accounts say about whoever has none here. */
  async verify(token: string): Promise<ExternalToken> {
    const trusted = this.issuerOf(token);
    if (!trusted) throw invalid('the issuer is not known');
    const { settings, keys } = trusted;
    const { alg, kid } = headerOf(token);
    if (!settings.algorithms.some((allowed) => allowed === alg)) throw invalid('its algorithm is not allowed');
    if (!keys.find(alg, kid)) await keys.lookAgain();
    const claims = checked(token, settings, keys);
    const { sub: subject, exp, cnf } = claims as { sub: string; exp: number; cnf?: ExternalToken['cnf'] };
    const link = await this.accounts.linkOf({
      issuer: settings.issuer,
      subject,
      claims,
      mayCreate: settings.createAccounts,
    });
    // What was taken back meanwhile is remembered by nobody.
    if (!keys.find(alg, kid)) throw invalid('its key was removed');
    return {
      sub: link.accountId,
      exp,
      scope: scopeOf(claims, settings),
      ...(cnf !== undefined && { cnf }),
      external: { issuer: settings.issuer, linkId: link.id, rolesOf: this.rolesOf(claims, settings) },
    };
  }
  private issuerOf(token: string): TrustedIssuer | undefined {
    const { iss } = partOf(token, 1);
    return typeof iss === 'string' ? this.issuers.get(iss) : undefined;
  }
  private rolesOf(claims: Claims, { roles }: TokenIssuer): ExternalGrant['rolesOf'] {
    const { reservedRoles } = this.accounts;
    const mapped = roles
      ? textsOf(claims, roles.claim).flatMap((name) => (Object.hasOwn(roles.map, name) ? roles.map[name] : []))
      : [];
    return (own) => {
      const kept = roles && !roles.besideOwn ? [] : own.filter((role) => !reservedRoles.includes(role));
      return [...new Set([...kept, ...mapped])];
    };
  }
}
const invalid = (privateDetail: string) => new AppError(commonErrors.TOKEN_INVALID, { privateDetail });

function checked(token: string, { issuer, audience, algorithms, type }: TokenIssuer, keys: IssuerKeys): Claims {
  const { alg, kid, typ } = headerOf(token);
  const key = keys.find(alg, kid);
  if (!key) throw invalid('unknown key');
  let claims: Claims;
  try {
    claims = createVerifier({
      key: key.export({ type: 'spki', format: 'pem' }) as string,
      algorithms: algorithms.filter((allowed) => allowed === alg),
      allowedIss: issuer,
      allowedAud: [...audience],
      requiredClaims: ['iss', 'aud', 'sub', 'exp'],
      clockTolerance: clockToleranceMs,
      cache: false,
    })(token) as Claims;
  } catch (error) {
    throw invalid((error as Error).message);
  }
  const { sub, exp, act } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > maxSubject) throw invalid('it names no subject');
  if (typeof exp !== 'number' || exp * 1000 <= Date.now()) throw invalid('expired');
  // Whoever acts for somebody there is nobody here.
  if (act !== undefined) throw invalid('somebody acts for the subject');
  if (!isAccessToken(typ, claims, type)) throw invalid('it is no access token');
  return claims;
}
/** Many issuers call their access tokens JWT, as they call ID tokens: those have claims of their own (Core §2, §3.3.2.11). */
function isAccessToken(typ: string | undefined, claims: Claims, type: TokenIssuer['type']): boolean {
  const found = typ?.toLowerCase().replace(/^application\//, '');
  if (found === 'at+jwt') return true;
  if (type === 'at+jwt' || (found !== undefined && found !== 'jwt')) return false;
  if (foreignToAccess.some((name) => claims[name] !== undefined)) return false;
  // Keycloak says what a token is in `typ`, Cognito in `token_use`.
  const { typ: kind = 'Bearer', token_use: use = 'access' } = claims;
  return kind === 'Bearer' && use === 'access';
}
function scopeOf(claims: Claims, { scopes }: TokenIssuer): string {
  const names = 'implied' in scopes ? scopes.implied : textsOf(claims, scopes.claim).flatMap((text) => text.split(' '));
  // Those of the API only: what our own issuer means by `openid` is not another's to give.
  return names.filter((name) => name === fullScope || name.includes(':')).join(' ');
}
/** The texts of a claim, one or a list; the way leads through objects. */
function textsOf(claims: Claims, way: readonly string[]): string[] {
  let value: unknown = claims;
  for (const name of way)
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Claims)[name] : undefined;
  return [value].flat().filter((text): text is string => typeof text === 'string');
}
function headerOf(token: string): { alg: string; kid: string; typ?: string } {
  const { alg, kid, typ } = partOf(token, 0);
  return {
    alg: typeof alg === 'string' ? alg : '',
    kid: typeof kid === 'string' ? kid : '',
    // One that is no text is none that is known.
    typ: typ === undefined || typeof typ === 'string' ? typ : '',
  };
}
const maxTokenLength = 8192;
/** Part of a token that proves nothing yet; empty when there is nothing to be read. */
function partOf(token: string, part: 0 | 1): Claims {
  if (token.length > maxTokenLength) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(token.split('.', 3)[part] ?? '', 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Claims) : {};
  } catch {
    return {};
  }
}
