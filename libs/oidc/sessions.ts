import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AccessState } from '#libs/authn/access-state.js';
import { IssuerState } from './issuer-state.js';
import { SessionStore, type EndReason } from './session-store.js';

/** Ends sessions together with everything that would keep them going. */
@Injectable()
export class Sessions {
  constructor(
    private readonly store: SessionStore,
    private readonly state: IssuerState,
    private readonly access: AccessState,
  ) {}

  /**
   * In the caller's transaction: their refresh tokens are gone, and their access tokens are refused within two seconds of
   * its end, in this process as soon as `afterwards` was called.
   */
  async end(em: EntityManager, ids: readonly string[], reason: EndReason): Promise<void> {
    if (ids.length === 0) return;
    await this.state.removeGrants(ids, em);
    await this.store.end(em, ids, reason);
  }
  /** All of an account, and its browsers have to sign in again. `except`: what the account is being used by for this. */
  async endAll(
    em: EntityManager,
    accountId: string,
    reason: EndReason,
    except: { readonly session?: string; readonly browserUid?: string } = {},
  ): Promise<void> {
    const ids = await this.store.openOf(em, accountId);
    await this.end(
      em,
      ids.filter((id) => id !== except.session),
      reason,
    );
    await this.state.removeBrowserSessions(accountId, except.browserUid, em);
  }
  /** After the transaction: what was ended is refused by this process at once. */
  afterwards(): Promise<void> {
    return this.access.refresh();
  }
}
