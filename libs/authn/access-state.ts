import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Actor } from '#libs/authz/actor.js';
import { Roles } from '#libs/authz/roles.js';
import type { Scopes } from '#libs/authz/scopes.js';
import type { Rule } from '#libs/authz/rules.js';
import { isUuid } from '#libs/database/list.js';
import { negotiateLocale } from '#libs/messages/messages.js';

export interface Account {
  readonly suspended: boolean;
  readonly roles: readonly string[];
  /** Preferred language, BCP 47. */
  readonly locale?: string;
}
/** A service that acts in its own name. */
export interface ServiceClient {
  readonly roles: readonly string[];
}
/** What was written since a position, at least: some may be named again. */
export interface AccessChanges {
  readonly position: string;
  readonly accounts: readonly string[];
  readonly clients: readonly string[];
  readonly roles: boolean;
  /** Sessions that are over, and links to identities of other issuers that were taken away. */
  readonly endedSessions: readonly string[];
}
/** Where accounts, clients and roles are kept; the domains that own those tables provide it. */
export abstract class AccessSource {
  /**
   * `position` is opaque; without one nothing has been seen yet, and all sessions that ended within the lifetime of access
   * tokens are named.
   */
  abstract changes(position: string | undefined): Promise<AccessChanges>;
  abstract accounts(ids: readonly string[]): Promise<Map<string, Account>>;
  abstract serviceClient(clientId: string): Promise<ServiceClient | undefined>;
  /** Clients that have been disabled or deleted, whoever their tokens are for. */
  abstract endedClients(): Promise<readonly string[]>;
  abstract rules(): Promise<Map<string, Rule[]>>;
}
const maxActors = 50;
/** An account, as an actor for each set of scopes that its tokens have. */
export class RememberedAccount {
  private readonly actors = new Map<Scopes, Actor>();
  private readonly others = new Map<string, RememberedAccount>();

  /** Without an actor the account is suspended. `withRoles` makes one of other roles than its own. */
  constructor(
    private readonly whole: Actor | undefined,
    private readonly withRoles?: (roles: readonly string[]) => Actor,
  ) {}

  get suspended(): boolean {
    return this.whole === undefined;
  }
  /** With all its rights, whatever a token lets. */
  get itself(): Actor | undefined {
    return this.whole;
  }
  /** The same account with the roles that a token of another issuer gives it; undefined when it is suspended. */
  holding(rolesOf: (own: readonly string[]) => readonly string[]): RememberedAccount | undefined {
    if (!this.whole || !this.withRoles) return undefined;
    const roles = rolesOf(this.whole.roles);
    const key = roles.join();
    let other = this.others.get(key);
    if (!other) {
      if (this.others.size >= maxActors) this.others.clear();
      this.others.set(key, (other = new RememberedAccount(this.withRoles(roles))));
    }
    return other;
  }
  actor(scopes: Scopes, actedBy?: string): Actor | undefined {
    if ((scopes.isFull && actedBy === undefined) || !this.whole) return this.whole;
    const kept = actedBy === undefined ? this.actors : undefined;
    let actor = kept?.get(scopes);
    if (!actor) {
      if (this.actors.size >= maxActors) this.actors.clear();
      actor = this.whole.within(scopes, actedBy);
      kept?.set(scopes, actor);
    }
    return actor;
  }
}
interface Load {
  stale: boolean;
  entry: Promise<RememberedAccount | undefined>;
}

const pollEvery = 500;
/** Without a successful poll for so long nothing that is remembered is trusted; each request asks the database. */
const trustFor = 1500;
const maxEntries = 20_000;
/**
 * Longer than access tokens live, the 15 minutes of acting ones included, and those that are made on another clock or
 * before the end was noticed.
 */
export const rememberEndedFor = 20 * 60_000;

/**
 * Remembers who may do what, so that a request needs no statement for it. One poll for all accounts notices suspension,
 * role and rule changes within two seconds on every instance.
 */
@Injectable()
export class AccessState implements BeforeApplicationShutdown {
  private readonly entries = new Map<string, RememberedAccount>();
  /** Sessions that have ended, in the order in which that was noticed, and when (`performance.now()`). */
  private readonly endedSessions = new Map<string, number>();
  /** Loads under way, one an account; one that a poll names meanwhile is read again. */
  private readonly loading = new Map<string, Load>();
  private position?: string;
  private polledAt = -Infinity;
  private polling?: Promise<void>;
  private timer?: NodeJS.Timeout;
  private rulesStale = true;
  private clientsStale = true;
  private ended: ReadonlySet<string> = new Set();
  readonly anonymous: () => Actor;

  constructor(
    private readonly source: AccessSource,
    private readonly roles: Roles,
    private readonly logger: PinoLogger,
  ) {
    let actor = roles.actor(null, []);
    let rules = this.rulesVersion;
    this.anonymous = () => {
      if (rules !== this.rulesVersion) {
        actor = roles.actor(null, []);
        rules = this.rulesVersion;
      }
      return actor;
    };
  }
  private rulesVersion = 0;

  /** Whether the session that a token came of is over. As fresh as what `remembered` and `of` have just said. */
  isEnded(session: string | undefined): boolean {
    return session !== undefined && this.endedSessions.has(session);
  }
  /** The entry of an account, or of a service by its client id, if it is remembered and may be trusted. */
  remembered(id: string): RememberedAccount | undefined {
    return performance.now() - this.polledAt > trustFor ? undefined : this.entries.get(id);
  }
  /** The same; undefined when there is none. */
  async of(id: string): Promise<RememberedAccount | undefined> {
    if (performance.now() - this.polledAt > trustFor) await this.poll();
    const known = this.entries.get(id);
    return known ?? this.load(id);
  }
  /** What was changed in this process is in force at once. */
  async refresh(): Promise<void> {
    await this.polling?.catch(() => undefined);
    // What was changed is committed, whatever becomes of this: without a poll nothing that is remembered counts for long.
    await this.poll().catch((error: unknown) => this.logger.warn({ err: error }, 'access poll failed'));
  }
  /** Whether a client was disabled or deleted, as of the last poll. */
  isEndedClient(clientId: string | undefined): boolean {
    return clientId !== undefined && this.ended.has(clientId);
  }
  start(): void {
    if (this.timer) return;
    const tick = async () => {
      await this.poll().catch((error: unknown) => this.logger.warn({ err: error }, 'access poll failed'));
      if (this.timer) this.timer = setTimeout(() => void tick(), pollEvery).unref();
    };
    this.timer = setTimeout(() => void tick(), 0).unref();
  }
  /** Before the pool closes: a poll under way would hold it open. */
  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.polling?.catch(() => undefined);
  }
  private poll(): Promise<void> {
    this.polling ??= this.pollOnce().finally(() => (this.polling = undefined));
    return this.polling;
  }
  private async pollOnce(): Promise<void> {
    const startedAt = performance.now();
    const changes = await this.source.changes(this.position);
    if (changes.roles || this.rulesStale) {
      this.rulesStale = true;
      this.roles.replace(await this.source.rules());
      this.rulesStale = false;
      this.rulesVersion++;
      this.forgetAll();
    }
    if (changes.clients.length > 0 || this.clientsStale) {
      this.clientsStale = true;
      this.ended = new Set(await this.source.endedClients());
      this.clientsStale = false;
    }
    if (this.position === undefined) this.forgetAll();
    for (const id of [...changes.accounts, ...changes.clients]) {
      this.entries.delete(id);
      const load = this.loading.get(id);
      if (load) load.stale = true;
    }
    for (const id of changes.endedSessions) if (!this.endedSessions.has(id)) this.endedSessions.set(id, startedAt);
    for (const [id, since] of this.endedSessions) {
      if (since > startedAt - rememberEndedFor) break;
      this.endedSessions.delete(id);
    }
    this.position = changes.position;
    this.polledAt = startedAt;
  }
  private forgetAll(): void {
    this.entries.clear();
    for (const load of this.loading.values()) load.stale = true;
  }
  private load(id: string): Promise<RememberedAccount | undefined> {
    let load = this.loading.get(id);
    if (!load) {
      const started: Load = { stale: false, entry: Promise.resolve(undefined) };
      this.loading.set(id, (load = started));
      started.entry = this.loadFresh(id, started).finally(() => this.loading.delete(id));
    }
    return load.entry;
  }
  private async loadFresh(id: string, load: Load): Promise<RememberedAccount | undefined> {
    for (;;) {
      load.stale = false;
      const actor = isUuid(id) ? await this.account(id) : await this.serviceClient(id);
      // A poll that named the account while it was being read may have seen what this read did not.
      if (load.stale) continue;
      if (actor === undefined) return undefined;
      const withRoles = (roles: readonly string[]) => this.roles.actor(id, roles, actor?.locale);
      const entry = new RememberedAccount(actor ?? undefined, withRoles);
      if (this.entries.size >= maxEntries) this.entries.delete(this.entries.keys().next().value!);
      this.entries.set(id, entry);
      return entry;
    }
  }
  /** Null when it is suspended. */
  private async account(id: string): Promise<Actor | null | undefined> {
    const account = (await this.source.accounts([id])).get(id);
    if (!account) return undefined;
    const locale = account.locale === undefined ? undefined : negotiateLocale(account.locale);
    return account.suspended ? null : this.roles.actor(id, account.roles, locale);
  }
  private async serviceClient(clientId: string): Promise<Actor | undefined> {
    const client = await this.source.serviceClient(clientId);
    return client && this.roles.client(clientId, client.roles);
  }
}
