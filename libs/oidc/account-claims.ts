import type { EntityManager } from '@mikro-orm/postgresql';

/** What an account says of itself, by the names of OpenID Connect Core §5.1. */
export type Claims = Readonly<Record<string, unknown>>;

/** Who may sign in, and what clients learn of them; the domain that owns accounts provides it. */
export abstract class AccountClaims {
  /** Undefined when there is no such account or it may not sign in now. `sub` is added by the issuer. */
  abstract find(accountId: string, em?: EntityManager): Promise<Claims | undefined>;
}
/** Which claims come with which scope. */
export const claimsByScope = {
  openid: ['sub'],
  profile: ['name', 'locale', 'zoneinfo', 'updated_at'],
  email: ['email', 'email_verified'],
} as const;
export const openIdScopes = ['openid', 'profile', 'email', 'offline_access'] as const;
const scopesOfOpenId: ReadonlySet<string> = new Set([...openIdScopes, 'address', 'phone']);
/** Whether it is one of OpenID Connect Core §5.4 and §11, which is nothing to the API. We know no addresses and no phones. */
export const isOpenIdScope = (scope: string): boolean => scopesOfOpenId.has(scope);
