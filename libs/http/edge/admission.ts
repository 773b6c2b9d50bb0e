import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits, Verdict } from '#libs/limits/rate-limits.js';
import './edge-state.js';

const unlimited = { unlimited: true } as const;

/** Requests to this handler are not counted: for what costs next to nothing and must answer whoever asks. */
export const Unlimited = () => RouteConfig(unlimited);

function answer(request: FastifyRequest, reply: FastifyReply, verdict: Verdict): void {
  request.verdict = verdict;
  reply.headers(verdict.headers);
  if (verdict.refusal) throw verdict.refusal;
}

/**
 * Counts every request before anything is done for it, whether there is a route or not, and refuses it when its budget is
 * used up. To be called after `configureEdge`: a script on another origin may read the refusal, too.
 */
export function installRateLimits(app: NestFastifyApplication, limits: RateLimits): void {
  const fastify = app.getHttpAdapter().getInstance();
  const { edge } = fastify;
  edge.admit = async (request, reply) => {
    // A preflight carries no token, and its answer says nothing that costs.
    const { unlimited, endpoint } = request.routeOptions.config ?? {};
    if (unlimited || request.method === 'OPTIONS') return;
    const { ip } = request;
    const verdict =
      endpoint === undefined
        ? await limits.spend(request.headers.authorization, ip)
        : await limits.spendAt(endpoint, { by: 'network', address: ip });
    answer(request, reply, verdict);
  };
  edge.charge = async (request, reply, requests) => {
    const { verdict } = request;
    if (verdict) answer(request, reply, await limits.charge(verdict, requests));
  };
  fastify.decorateRequest('verdict');
  fastify.addHook('onRequest', edge.admit);
}
