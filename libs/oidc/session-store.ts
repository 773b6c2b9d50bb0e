import type { EntityManager } from '@mikro-orm/postgresql';

/** Why a session is over. */
export const EndReason = {
  SIGNED_OUT: 'SIGNED_OUT',
  REVOKED: 'REVOKED',
  REUSED: 'REUSED',
  ENDED_BY_USER: 'ENDED_BY_USER',
  ENDED_BY_STAFF: 'ENDED_BY_STAFF',
  PASSWORD_CHANGED: 'PASSWORD_CHANGED',
  SUSPENDED: 'SUSPENDED',
  CLIENT_DISABLED: 'CLIENT_DISABLED',
  CLIENT_DELETED: 'CLIENT_DELETED',
  EXPIRED: 'EXPIRED',
} as const;
export type EndReason = keyof typeof EndReason;
/** What was just handed tokens. */
export interface SessionUse {
  /** Of the grant; access tokens carry it as `gid`. */
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
  /** Seconds after which the session is over unless it is used again. */
  readonly livesFor: number;
}
/**
 * The sessions that people see. A session is a grant: it begins with the first tokens that come of it, and with its end
 * none of them counts any more.
 */
export abstract class SessionStore {
  /** Begins the session, or notes that it goes on. */
  abstract use(em: EntityManager, use: SessionUse): Promise<void>;
  /**
   * Those among `ids` that had not ended yet have now; returns which. `REUSED` is the one to be alarmed about: somebody has
   * a copy.
   */
  abstract end(em: EntityManager, ids: readonly string[], reason: EndReason): Promise<string[]>;
  /** The same for all of an account, but those named. */
  abstract endAll(
    em: EntityManager,
    accountId: string,
    reason: EndReason,
    except: readonly string[],
  ): Promise<string[]>;
  /** Ids of some sessions of a client that began until then and have not ended. */
  abstract openOfClient(em: EntityManager, clientId: string, until: Date, limit: number): Promise<string[]>;
}
