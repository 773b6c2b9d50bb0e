/** Whom a token of another issuer is about, as that issuer says. */
export interface ExternalIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** All that the token says; only the signature has been checked of it. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whether somebody without an account gets one. */
  readonly mayCreate: boolean;
}
export interface ExternalLink {
  /** What `AccessChanges.endedSessions` names when the account and the identity are parted. */
  readonly id: string;
  readonly accountId: string;
}
/** Which accounts are linked to identities that others vouch for; the domain that owns accounts provides it. */
export abstract class ExternalAccounts {
  /** Roles that a token of another issuer gives only where the map of its issuer names them. */
  abstract readonly reservedRoles: readonly string[];
  /** The account of the identity; an error of the catalogue says why there is none. */
  abstract linkOf(identity: ExternalIdentity): Promise<ExternalLink>;
}
