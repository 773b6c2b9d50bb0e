import { Injectable } from '@nestjs/common';
import { InjectThrottlerOptions, InjectThrottlerStorage, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { presentedToken } from '#libs/authn/presented-token.js';
import { TokenVerifier } from '#libs/authn/token-verifier.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { BudgetStorage, type BudgetRecord } from './budget-storage.js';
import { networkOf } from './networks.js';

/** Names of the two limits, as clients see them in `RateLimit-Policy`. */
export const ACCOUNT = 'default';
export const NETWORK = 'anonymous';

export interface Limit {
  readonly name: string;
  readonly requests: number;
  readonly windowMs: number;
  /** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
  readonly policy: string;
}
/** What a request's answer says of its budget, and the error instead of an answer when there is nothing left. */
export interface Verdict {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal?: AppError;
  /** What the request is charged to. */
  readonly limit: Limit;
  readonly key: string;
}

/** Who pays for a request to an endpoint where secrets are presented: an address, or the id of what has proven itself. */
export type Payer =
  { readonly by: 'network'; readonly address: string } | { readonly by: 'client' | 'session'; readonly id: string };

/** Of the requests that a network may send without a token: signatures that are checked for it when those are used up. */
const CHECKS_PART = 10;
const LEAST_CHECKS = 2;
/** Of the requests of an account: refreshes of one session. */
const SESSION_PART = 10;

/**
 * One budget an account, or a network for whoever does not show a valid token, over all channels and instances. Needs no
 * statement of its own, and hardly a signature is checked for a network that has used up its budget: as many as its other
 * callers need whose tokens this instance has not seen.
 */
@Injectable()
export class RateLimits {
  private readonly account: Limit;
  private readonly network: Limit;
  private readonly checks: Limit;
  private readonly atEndpoints: Readonly<Record<Payer['by'], Limit>>;

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly storage: BudgetStorage,
    private readonly tokens: TokenVerifier,
  ) {
    this.account = limitOf(options, ACCOUNT);
    this.network = limitOf(options, NETWORK);
    const { requests, windowMs } = this.network;
    this.checks = limit('checks', Math.max(LEAST_CHECKS, Math.ceil(requests / CHECKS_PART)), windowMs);
    this.atEndpoints = {
      network: limit('endpoint', Math.ceil(requests / 2), windowMs),
      client: limit('client', this.account.requests, windowMs),
      session: limit('session', Math.ceil(this.account.requests / SESSION_PART), windowMs),
    };
  }
  /** Counts one request of whoever sends this `Authorization` from this address. */
  async spend(authorization: string | undefined, address: string): Promise<Verdict> {
    const token = presentedToken(authorization)?.token;
    const known = token === undefined ? undefined : this.tokens.remembered(token);
    if (known) return this.count(this.account, known.sub);

    const network = networkOf(address);
    if (token !== undefined) {
      const { name, windowMs, requests } = this.network;
      const seen = await this.storage.look(network, windowMs, requests, name);
      if (seen.isBlocked && !(await this.mayCheck(network))) return verdict(this.network, network, seen);
      const account = await this.accountOf(token);
      if (account !== undefined) return this.count(this.account, account);
    }
    return this.count(this.network, network);
  }
  /** The request turns out to stand for so many: charges the others to what it was charged to. */
  async charge({ limit, key, ...verdict }: Verdict, requests: number): Promise<Verdict> {
    return requests > 1 ? this.count(limit, key, { cost: requests - 1, isMore: true }) : { limit, key, ...verdict };
  }
  /**
   * Counts a request to one endpoint where secrets are presented (token, pushed authorization, introspection, revocation),
   * on a budget of that endpoint: of the network that it comes from, until a client or a session has proven who it is and
   * pays `instead`. So a network of many people pays for wrong secrets only. Not of a public client, which is everybody who
   * uses the app.
   */
  async spendAt(endpoint: string, payer: Payer, instead?: Verdict): Promise<Verdict> {
    const counted = { isMore: instead !== undefined };
    const verdict = await this.count(this.atEndpoints[payer.by], keyOf(endpoint, payer), counted);
    if (instead && !verdict.refusal) this.storage.giveBack(instead.key, instead.limit.name);
    return verdict;
  }
  /** What `spendAt` would say; counts nothing and waits for nothing, so that it may be asked inside a transaction. */
  async lookAt(endpoint: string, payer: Payer): Promise<Verdict> {
    const limit = this.atEndpoints[payer.by];
    const key = keyOf(endpoint, payer);
    return verdict(limit, key, await this.storage.look(key, limit.windowMs, limit.requests, limit.name));
  }
  private async count(limit: Limit, key: string, { cost = 1, isMore = false } = {}): Promise<Verdict> {
    const { windowMs, requests, name } = limit;
    return verdict(limit, key, await this.storage.increment(key, windowMs, requests, 0, name, cost, isMore));
  }
  private async mayCheck(network: string): Promise<boolean> {
    return (await this.count(this.checks, network)).refusal === undefined;
  }
  /** The account of a valid token; why another is refused, its own guard says. */
  private async accountOf(token: string): Promise<string | undefined> {
    try {
      if (this.tokens.isExternal(token)) return (await this.tokens.verifyWithNewKeys(token)).sub;
      return this.tokens.verify(token).sub;
    } catch {
      return undefined;
    }
  }
}

const keyOf = (endpoint: string, payer: Payer): string =>
  `${endpoint} ${payer.by === 'network' ? networkOf(payer.address) : payer.id}`;

function limit(name: string, requests: number, windowMs: number): Limit {
  return { name, requests, windowMs, policy: `"${name}";q=${requests};w=${windowMs / 1000}` };
}
function limitOf(options: ThrottlerModuleOptions, name: string): Limit {
  const found = (Array.isArray(options) ? options : options.throttlers).find((throttler) => throttler.name === name);
  if (typeof found?.limit !== 'number' || typeof found.ttl !== 'number')
    throw new Error(`ThrottlerModule has no limit ${name} with a number of requests and of milliseconds.`);
  return limit(name, found.limit, found.ttl);
}

function verdict(limit: Limit, key: string, { totalHits, timeToExpire, isBlocked }: BudgetRecord): Verdict {
  const { name, requests, policy } = limit;
  const headers: Record<string, string> = {
    'ratelimit-policy': policy,
    ratelimit: `"${name}";r=${Math.max(0, requests - totalHits)};t=${timeToExpire}`,
  };
  if (!isBlocked) return { limit, key, headers };
  headers['retry-after'] = String(timeToExpire);
  const refusal = new AppError(commonErrors.TOO_MANY_REQUESTS, {
    retryAfterSeconds: timeToExpire,
    privateDetail: `the limit ${name} is used up`,
  });
  return { limit, key, headers, refusal };
}
