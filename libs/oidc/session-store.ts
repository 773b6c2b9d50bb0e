import type { EntityManager } from '@mikro-orm/postgresql';

/** Why a session is over. */
export type EndReason = 'SIGNED_OUT' | 'REVOKED' | 'REUSED' | 'PASSWORD_CHANGED' | 'SUSPENDED';
/** What was just handed tokens. */
export interface SessionUse {
  /** Of the grant; access tokens carry it as `gid`. */
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}
/**
 * The sessions that people see. A session is a grant: it begins with the first tokens that come of it, and with its end
 * none of them counts any more.
 */
export abstract class SessionStore {
  /** Begins the session, or notes that it goes on. */
  abstract use(em: EntityManager, use: SessionUse): Promise<void>;
  /** Those among `ids` that had not ended yet have now. `REUSED` is the one to be alarmed about: somebody has a copy. */
  abstract end(em: EntityManager, ids: readonly string[], reason: EndReason): Promise<void>;
  /** Ids of the account's sessions that have not ended. */
  abstract openOf(em: EntityManager, accountId: string): Promise<string[]>;
}
