import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RateLimits } from '#libs/limits/rate-limits.js';
import './edge-state.js';

const unlimited = { unlimited: true } as const;

/** Requests to this handler are not counted: for what costs next to nothing and must answer whoever asks. */
export const Unlimited = () => RouteConfig(unlimited);

/**
 * Counts every request before anything is done for it, whether there is a route or not, and refuses it when its budget is
 * used up. To be called after `configureEdge`: a script on another origin may read the refusal, too.
 */
export function installRateLimits(app: NestFastifyApplication, limits: RateLimits): void {
  const fastify = app.getHttpAdapter().getInstance();
  const { edge } = fastify;
  edge.admit = async (request, reply) => {
    // A preflight carries no token, and its answer says nothing that costs.
    if (request.routeOptions.config?.unlimited || request.method === 'OPTIONS') return;
    const { headers, refusal } = await limits.spend(request.headers.authorization, request.ip);
    reply.headers(headers);
    if (refusal) throw refusal;
  };
  fastify.addHook('onRequest', edge.admit);
}
