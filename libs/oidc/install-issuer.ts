import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import '#libs/http/edge/edge-state.js';
import { Pages } from '#libs/pages/pages.js';
import { pageFor, remember } from './answer.js';
import { Issuer } from './issuer.js';
import { sendOAuthError } from './oauth-error.js';
import { paths } from './paths.js';
import { Userinfo } from './userinfo.js';

type Method = 'GET' | 'POST' | 'OPTIONS';
/** The same for everybody. */
const unlimited = { unlimited: true };
const routes: readonly [path: string, methods: readonly Method[], config?: FastifyContextConfig][] = [
  [paths.discovery, ['GET', 'OPTIONS'], unlimited],
  [paths.oauthDiscovery, ['GET', 'OPTIONS'], unlimited],
  [paths.jwks, ['GET', 'OPTIONS'], unlimited],
  [paths.authorization, ['GET', 'POST'], { endpoint: 'authorization' }],
  [`${paths.authorization}/:uid`, ['GET']],
  [paths.token, ['POST', 'OPTIONS'], { endpoint: 'token' }],
  [paths.revocation, ['POST', 'OPTIONS'], { endpoint: 'revocation' }],
  [paths.introspection, ['POST', 'OPTIONS'], { endpoint: 'introspection' }],
  [paths.pushedAuthorizationRequest, ['POST', 'OPTIONS'], { endpoint: 'pushed authorization' }],
  [paths.endSession, ['GET', 'POST']],
  [`${paths.endSession}/confirm`, ['POST']],
  [`${paths.endSession}/success`, ['GET']],
];
/** Where browsers come to; the others answer programs. */
const isForPeople = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url !== undefined && [paths.authorization, paths.endSession].some((path) => url.startsWith(path));

/** Puts the issuer's routes into the server, where our own hooks see them like any other. */
export function installIssuer(app: NestFastifyApplication): void {
  const issuer = app.get(Issuer);
  const userinfo = app.get(Userinfo);
  const pages = app.get(Pages);
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { current } = issuer;
    remember(request);
    // The library writes to Node's response, past Fastify's.
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    await current.callback()(request.raw, reply.raw);
    const page = pageFor(request);
    if (!page) return reply.hijack();
    // A cookie of the page's would take the place of the library's.
    const cookies = reply.raw.getHeader('set-cookie');
    reply.raw.removeHeader('set-cookie');
    if (cookies !== undefined) reply.header('set-cookie', cookies);
    return page(request, reply);
  };
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // The library reads bodies by itself.
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    const errorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      isForPeople(request) ? pages.showError(error, request, reply) : sendOAuthError(error, request, reply);
    for (const [url, method, config = {}] of routes)
      scope.route({ url, method: [...method], exposeHeadRoute: false, config, handler: answer, errorHandler });
    scope.route({
      url: paths.userinfo,
      method: ['GET', 'POST'],
      exposeHeadRoute: false,
      handler: (request) => userinfo.of(request),
    });
    done();
  });
}
