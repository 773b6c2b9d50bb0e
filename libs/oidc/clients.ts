import type { EntityManager } from '@mikro-orm/postgresql';
import type { JWK } from 'jose';

/** An application that may ask for tokens. */
export interface RegisteredClient {
  readonly id: string;
  readonly name: string;
  /** `web`: a page or a server behind one; `native`: an installed app; `service`: acts for itself, without a person. */
  readonly kind: 'web' | 'native' | 'service';
  /** Ours: no consent page, and everything that the account may do. */
  readonly isFirstParty: boolean;
  /** Exact; of native clients those on a loopback address match with any port (RFC 8252 §7.3). */
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Scopes that it may ask for, of the API and of OpenID; absent: every one. */
  readonly scopes?: readonly string[];
  /** How it proves who it is; `none` for what cannot keep a secret. A secret comes in the header or in the body. */
  readonly authentication: 'none' | 'client_secret' | 'private_key_jwt';
  /** `hashOfSecret` of those that count: two while one is being replaced. */
  readonly secretHashes?: readonly string[];
  /** Public keys, for `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly JWK[] };
  /** Its tokens are bound to a key that it proves each time (RFC 9449). */
  readonly requiresDpop?: boolean;
  /** Told when a session ends that it has a part in (OpenID Connect Back-Channel Logout 1.0). */
  readonly backchannelLogoutUri?: string;
  readonly logoUri?: string;
  readonly policyUri?: string;
  readonly termsUri?: string;
}
/** Where registered clients are kept; the domain that owns them provides it. */
export abstract class ClientSource {
  abstract find(id: string): Promise<RegisteredClient | undefined>;
  /** Which of these have a `backchannelLogoutUri`; read in the transaction of `em`. */
  abstract toldOfLogout(em: EntityManager, ids: readonly string[]): Promise<string[]>;
}
