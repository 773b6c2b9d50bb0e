import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '#libs/errors/app-error.js';
import type { RequestContext } from '#libs/context/request-context.js';
import type { Verdict } from '#libs/limits/rate-limits.js';

/** What the hooks of one server share; filled by `createAdapter`, completed by `configureEdge`. */
export interface EdgeState {
  /** Sent with every response unless the route says otherwise. Names in lower case. */
  headers: Record<string, string>;
  /** From SIGTERM on: every response asks its client to open another connection. */
  draining: boolean;
  /** Page whose anchors explain the error codes. */
  errorDocsUrl?: string;
  /** Called once for each request before anything is done for it; rejects when nothing shall be. */
  admit?: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Charges a request as so many, once that is known; rejects when less is left. */
  charge?: (request: FastifyRequest, reply: FastifyReply, requests: number) => Promise<void>;
  /** Answers as a page where there is nothing for a browser; false when that is not for people. */
  showNothingThere?: (error: AppError, request: FastifyRequest, reply: FastifyReply) => boolean;
  /** Called once for each request, answered or given up. */
  onFinished?: (request: FastifyRequest, reply: FastifyReply, durationMs: number, bytesOut: number) => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    requestContext: RequestContext;
    /** The budget that the request was counted on; absent where requests are not counted. */
    verdict?: Verdict;
  }
  interface FastifyInstance {
    edge: EdgeState;
  }
  interface FastifyContextConfig {
    /** Name of the route in logs: method and pattern, never the address as sent. */
    operation?: string;
    /** Not counted by rate limits. */
    unlimited?: boolean;
    /** Counted on budgets of this name (`RateLimits.spendAt`), and not on those of every request. */
    endpoint?: string;
  }
}
