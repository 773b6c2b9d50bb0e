import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pageFor, remember } from './answer.js';
import { Issuer } from './issuer.js';
import { paths } from './paths.js';
import { Userinfo } from './userinfo.js';

type Method = 'GET' | 'POST' | 'OPTIONS';
const routes: readonly [path: string, methods: readonly Method[]][] = [
  [paths.discovery, ['GET', 'OPTIONS']],
  [paths.oauthDiscovery, ['GET', 'OPTIONS']],
  [paths.jwks, ['GET', 'OPTIONS']],
  [paths.authorization, ['GET', 'POST']],
  [`${paths.authorization}/:uid`, ['GET']],
  [paths.token, ['POST', 'OPTIONS']],
  [paths.revocation, ['POST', 'OPTIONS']],
  [paths.introspection, ['POST', 'OPTIONS']],
  [paths.pushedAuthorizationRequest, ['POST', 'OPTIONS']],
  [paths.endSession, ['GET', 'POST']],
  [`${paths.endSession}/confirm`, ['POST']],
  [`${paths.endSession}/success`, ['GET']],
];
/** The same for everybody. */
const unlimited: ReadonlySet<string> = new Set([paths.discovery, paths.oauthDiscovery, paths.jwks]);

/** Puts the issuer's routes into the server, where our own hooks see them like any other. */
export function installIssuer(app: NestFastifyApplication): void {
  const issuer = app.get(Issuer);
  const userinfo = app.get(Userinfo);
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { current } = issuer;
    remember(request);
    // The library writes to Node's response, past Fastify's.
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    await current.callback()(request.raw, reply.raw);
    const page = pageFor(request);
    return page ? page(request, reply) : reply.hijack();
  };
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // The library reads bodies by itself.
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    for (const [url, method] of routes)
      scope.route({
        url,
        method: [...method],
        exposeHeadRoute: false,
        config: unlimited.has(url) ? { unlimited: true } : {},
        handler: answer,
      });
    scope.route({
      url: paths.userinfo,
      method: ['GET', 'POST'],
      exposeHeadRoute: false,
      handler: (request) => userinfo.of(request),
    });
    done();
  });
}
