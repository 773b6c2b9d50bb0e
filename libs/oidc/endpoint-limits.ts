import { Injectable } from '@nestjs/common';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { RateLimits, type Payer, type Verdict } from '#libs/limits/rate-limits.js';
import { requestOf } from './answer.js';

/** What a wrong secret costs, in requests. */
const GUESS_COST = 5;
/** RFC 6749 §5.2: a client that could not show who it is; a code or a refresh token that is unknown, over or another's. */
const guesses: ReadonlySet<unknown> = new Set(['invalid_client', 'invalid_grant']);

/** 429 as a client of OAuth reads it; RFC 9126 §2.3 has the status, RFC 6749 §4.1.2.1 the code. */
class TooManyRequests extends errors.OIDCProviderError {
  override readonly error_description: string;
  constructor(seconds: number) {
    super(429, 'temporarily_unavailable');
    this.error_description = descriptionOf(seconds);
  }
}
export const descriptionOf = (seconds: number): string => `too many requests, try again in ${seconds} seconds`;

/**
 * Who pays for a request to the endpoints of OAuth, beyond the network that it was counted on when it came: a client that has
 * proven who it is, and a session whose code or refresh token was right, pay instead of it. What was wrong costs more.
 */
@Injectable()
export class EndpointLimits {
  constructor(private readonly limits: RateLimits) {}

  /** The client has shown its secret or signed with its key. Rejects when its budget is used up. */
  async clientProven(ctx: KoaContextWithOIDC, clientId: string): Promise<void> {
    const request = requestOf(ctx);
    const { endpoint } = request.routeOptions.config;
    if (endpoint === undefined) return;
    const verdict = await this.limits.spendAt(endpoint, { by: 'client', id: clientId }, request.verdict);
    request.verdict = verdict;
    admit(ctx, verdict);
  }
  /** A code or a refresh token of this grant is about to be used. Rejects when the session has used up its budget. */
  async sessionKnown(ctx: KoaContextWithOIDC, grantId: string): Promise<void> {
    const request = requestOf(ctx);
    const verdict = await this.limits.lookAt('token', sessionOf(grantId));
    if (!verdict.refusal) return;
    request.verdict = verdict;
    admit(ctx, verdict);
  }
  /** Once the answer is known. */
  async settle(ctx: KoaContextWithOIDC): Promise<void> {
    const request = requestOf(ctx);
    const { endpoint } = request.routeOptions.config;
    const { verdict } = request;
    if (endpoint === undefined || !verdict || verdict.refusal) return;
    const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
    const grantId = (AuthorizationCode ?? RefreshToken)?.grantId;
    if (endpoint === 'token' && ctx.status === 200 && grantId !== undefined) {
      tell(ctx, await this.limits.spendAt(endpoint, sessionOf(grantId), verdict));
    } else if (guesses.has((ctx.body as { error?: unknown } | undefined)?.error)) {
      tell(ctx, await this.limits.charge(verdict, GUESS_COST));
    }
  }
}
const sessionOf = (grantId: string): Payer => ({ by: 'session', id: grantId });

function admit(ctx: KoaContextWithOIDC, verdict: Verdict): void {
  ctx.set(verdict.headers);
  if (verdict.refusal) throw new TooManyRequests(verdict.refusal.retryAfterSeconds ?? 1);
}
/** It was served all the same: no word of when to come again. */
function tell(ctx: KoaContextWithOIDC, { headers: { 'retry-after': _later, ...headers } }: Verdict): void {
  ctx.set(headers);
}
