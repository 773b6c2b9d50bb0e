import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessState } from '#libs/authn/access-state.js';
import { Database } from '#libs/database/database.js';
import { defineJob } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { IssuerState } from './issuer-state.js';
import { SessionStore, type EndReason } from './session-store.js';

/** What an account is being used by while all else of it ends. */
export interface Spared {
  /** The session, and the browser that it was begun in. */
  readonly session?: string;
  /** The browser, and the sessions that were begun in it. */
  readonly browserUid?: string;
}
interface EndOfClient {
  readonly clientId: string;
  readonly reason: EndReason;
  /** Sessions that began until then (RFC 3339). */
  readonly until: string;
}
const endOfClient = defineJob<EndOfClient>('sessions.end-of-client', {
  description: 'Ends the sessions of a client that was disabled or deleted.',
  timeout: 300,
});
const atOnce = 500;

/** Ends sessions together with everything that would keep them going. */
@Injectable()
export class Sessions implements OnModuleInit {
  constructor(
    private readonly store: SessionStore,
    private readonly state: IssuerState,
    private readonly access: AccessState,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(endOfClient, ({ clientId, reason, until }, { signal }) =>
      this.endOpenOfClient(clientId, reason, new Date(until), signal),
    );
  }
  /**
   * In the caller's transaction: their refresh tokens are gone, and their access tokens are refused within two seconds of
   * its end, in this process as soon as `afterwards` was called. Returns which had not ended before.
   */
  async end(em: EntityManager, ids: readonly string[], reason: EndReason): Promise<string[]> {
    if (ids.length === 0) return [];
    // First what makes tokens: whoever is at it comes to an end before, and what it began is seen by what follows.
    await this.state.removeGrants(ids, em);
    return this.store.end(em, ids, reason);
  }
  /**
   * The same, and the browser that the session was begun in has to sign in again: it would begin the next one without
   * asking anybody. With it end the other sessions that last as long as it is signed in.
   */
  async endWithBrowser(em: EntityManager, accountId: string, id: string, reason: EndReason): Promise<string[]> {
    const more = await this.state.removeBrowserOf(accountId, id, em);
    return this.end(em, [...new Set([id, ...more])], reason);
  }
  /** All of an account, and its browsers have to sign in again. Returns which had not ended before. */
  async endAll(em: EntityManager, accountId: string, reason: EndReason, except: Spared = {}): Promise<string[]> {
    const browsers = await this.state.browsers(accountId, except, em);
    const spared = browsers.flatMap(({ grantIds }) => grantIds);
    if (except.session !== undefined) spared.push(except.session);
    const uids = browsers.map(({ uid }) => uid);
    await this.state.removeOfAccount(accountId, { grantIds: spared, browserUids: uids }, em);
    const ended = await this.store.endAll(em, accountId, reason, spared);
    if (ended.length > 0) await this.state.removeGrants(ended, em);
    return ended;
  }
  /**
   * All of a client, by a job: there may be many. Sent in the caller's transaction, in which the client was disabled or
   * deleted, which refuses their tokens by itself; they do not count again when it is enabled.
   */
  async endOfClient(em: EntityManager, clientId: string, reason: EndReason): Promise<void> {
    await this.jobs.send(em, endOfClient, { clientId, reason, until: new Date().toISOString() });
  }
  /** Ids of the sessions that were begun in a browser of the account. */
  async inBrowser(accountId: string, browserUid: string): Promise<readonly string[]> {
    const [browser] = await this.state.browsers(accountId, { browserUid });
    return browser?.grantIds ?? [];
  }
  /** After the transaction: what was ended is refused by this process at once. */
  afterwards(): Promise<void> {
    return this.access.refresh();
  }
  private async endOpenOfClient(clientId: string, reason: EndReason, until: Date, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const ended = await this.database.transaction(async (em) => {
        const ids = await this.store.openOfClient(em, clientId, until, atOnce);
        await this.end(em, ids, reason);
        return ids.length;
      });
      if (ended < atOnce) return;
    }
  }
}
