import { Injectable } from '@nestjs/common';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  normalizeIp,
  type ThrottlerModuleOptions,
} from '@nestjs/throttler';
import { bearerToken } from '#libs/authn/bearer-token.js';
import { TokenVerifier } from '#libs/authn/token-verifier.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { BudgetStorage, type BudgetRecord } from './budget-storage.js';

/** Names of the two limits, as clients see them in `RateLimit-Policy`. */
export const ACCOUNT = 'default';
export const NETWORK = 'anonymous';

interface Limit {
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
}

/**
 * One budget an account, or a network for whoever does not show a valid token, over all channels. Needs no statement, and
 * no signature is checked for a network that has used up its budget.
 */
@Injectable()
export class RateLimits {
  private readonly account: Limit;
  private readonly network: Limit;

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly storage: BudgetStorage,
    private readonly tokens: TokenVerifier,
  ) {
    this.account = limitOf(options, ACCOUNT);
    this.network = limitOf(options, NETWORK);
  }
  /** Counts one request of whoever sends this `Authorization` from this address. */
  async spend(authorization: string | undefined, address: string): Promise<Verdict> {
    const token = bearerToken(authorization);
    const known = token === undefined ? undefined : this.tokens.remembered(token);
    if (known) return this.count(this.account, known.sub);

    const network = normalizeIp(address);
    if (token !== undefined) {
      const { name, windowMs, requests } = this.network;
      const seen = await this.storage.look(network, windowMs, requests, name);
      if (seen.isBlocked) return verdict(this.network, seen);
      const account = this.accountOf(token);
      if (account !== undefined) return this.count(this.account, account);
    }
    return this.count(this.network, network);
  }
  private async count(limit: Limit, key: string): Promise<Verdict> {
    return verdict(limit, await this.storage.increment(key, limit.windowMs, limit.requests, 0, limit.name));
  }
  /** The account of a valid token; why another is refused, its own guard says. */
  private accountOf(token: string): string | undefined {
    try {
      return this.tokens.verify(token).sub;
    } catch {
      return undefined;
    }
  }
}

function limitOf(options: ThrottlerModuleOptions, name: string): Limit {
  const found = (Array.isArray(options) ? options : options.throttlers).find((throttler) => throttler.name === name);
  if (typeof found?.limit !== 'number' || typeof found.ttl !== 'number')
    throw new Error(`ThrottlerModule has no limit ${name} with a number of requests and of milliseconds.`);
  const { limit: requests, ttl: windowMs } = found;
  return { name, requests, windowMs, policy: `"${name}";q=${requests};w=${windowMs / 1000}` };
}

function verdict({ name, requests, policy }: Limit, { totalHits, timeToExpire, isBlocked }: BudgetRecord) {
  const headers: Record<string, string> = {
    'ratelimit-policy': policy,
    ratelimit: `"${name}";r=${Math.max(0, requests - totalHits)};t=${timeToExpire}`,
  };
  if (!isBlocked) return { headers };
  headers['retry-after'] = String(timeToExpire);
  const refusal = new AppError(commonErrors.TOO_MANY_REQUESTS, {
    retryAfterSeconds: timeToExpire,
    privateDetail: `the limit ${name} is used up`,
  });
  return { headers, refusal };
}
