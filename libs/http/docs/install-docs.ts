import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getIntrospectionQuery, graphql, type GraphQLSchema } from 'graphql';
import type { Config } from '#libs/config/config.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { contentSecurityPolicy, pagePolicy } from '#libs/http/edge/security-headers.js';
import { Assets } from './assets.js';
import { withCodeSamples } from './code-samples.js';
import { errorsPath } from './error-responses.js';
import { errorsPage } from './errors-page.js';
import { graphiqlPage, graphiqlPolicy } from './graphiql-page.js';
import { installMails } from './mails-page.js';
import { openApiDocument, type ApiDescription } from './openapi.js';
import { postmanCollection } from './postman-collection.js';
import { describeRoots, sdlOf } from './sdl.js';
import { startPage } from './start-page.js';
import { swaggerPage, swaggerPolicy, swaggerRedirectPage } from './swagger-page.js';

export const docsPaths = {
  start: '/',
  openApi: '/openapi/v1.json',
  postman: '/openapi/v1.postman.json',
  swagger: '/docs',
  swaggerRedirect: '/docs/oauth2-redirect.html',
  errors: errorsPath,
  assets: '/docs/assets',
  sdl: '/schema.graphql',
  graphiql: '/graphiql',
  introspection: '/graphiql/schema.json',
} as const;

/** The same bytes for everybody, from memory or a file. */
const unlimited = { config: { unlimited: true } };

interface Content {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
  readonly policy?: string;
}
function content(type: string, body: string, policy?: string): Content {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { type, body, etag, policy };
}
const introspectionQuery = getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true });
const html = 'text/html; charset=utf-8';
const json = 'application/json; charset=utf-8';

/**
 * Adds what developers read: both schemas, Swagger UI, GraphiQL, the error catalogue and the start page. Everything is
 * public, the same for everybody, and made when it is asked for first.
 */
export function installDocs(
  app: NestFastifyApplication,
  config: Pick<Config, 'environment' | 'graphql' | 'demoData' | 'http' | 'mail' | 'dataDir'>,
  about: ApiDescription,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  const schema = () => (fastify as unknown as { graphql: { schema: GraphQLSchema } }).graphql.schema;
  let known: Assets | undefined;
  const assets = () => (known ??= new Assets(docsPaths.assets));
  // In development the next start may serve something else.
  const cacheControl = config.environment === 'production' ? 'public, max-age=300' : 'public, no-cache';

  const serve = (path: string, make: () => Content | Promise<Content>) => {
    let made: Content | undefined;
    fastify.get(path, unlimited, async (request, reply) => send(request, reply, (made ??= await make()), cacheControl));
    // Where people type the address of a folder.
    if (path === docsPaths.swagger || path === docsPaths.graphiql)
      fastify.get(`${path}/`, unlimited, (_, reply) => reply.redirect(path, 308));
  };
  serve(docsPaths.openApi, async () =>
    content(json, JSON.stringify(await withCodeSamples(openApiDocument(app, about), config.http.publicUrl))),
  );
  serve(docsPaths.postman, async () =>
    content(json, await postmanCollection(about.postmanCollection, config.http.publicUrl)),
  );
  serve(docsPaths.sdl, () => content('text/plain; charset=utf-8', sdlOf(schema())));
  serve(docsPaths.start, () => content(html, startPage(assets(), about, config), contentSecurityPolicy(pagePolicy())));
  serve(docsPaths.errors, () => content(html, errorsPage(assets(), about), contentSecurityPolicy(pagePolicy())));
  serve(docsPaths.swagger, () => {
    const page = swaggerPage(assets(), about, new URL(config.http.publicUrl).origin);
    return content(html, page, contentSecurityPolicy(swaggerPolicy));
  });
  serve(docsPaths.swaggerRedirect, () =>
    content(html, swaggerRedirectPage(assets(), about), contentSecurityPolicy(swaggerPolicy)),
  );
  serve(docsPaths.graphiql, () =>
    content(html, graphiqlPage(assets(), about, config.graphql), contentSecurityPolicy(graphiqlPolicy)),
  );
  // What GraphiQL knows the API from where introspection is off; it says no more than the SDL does.
  serve(docsPaths.introspection, async () =>
    content(json, JSON.stringify(await graphql({ schema: schema(), source: introspectionQuery }))),
  );
  serveAssets(fastify, assets);
  installMails(fastify, config, assets);
  fastify.addHook('onReady', (done) => {
    describeRoots(schema());
    done();
  });
}

function send(request: FastifyRequest, reply: FastifyReply, found: Content, cacheControl: string): FastifyReply {
  reply.headers({ etag: found.etag, 'cache-control': cacheControl });
  if (found.policy !== undefined) reply.header('content-security-policy', found.policy);
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.some((tag) => tag === found.etag || tag === '*')) return reply.code(304).send();
  return reply.type(found.type).send(found.body);
}

function serveAssets(fastify: FastifyInstance, assets: () => Assets): void {
  const policy = contentSecurityPolicy(pagePolicy());
  fastify.get<{ Params: { folder: string; file: string } }>(
    `${docsPaths.assets}/:folder/:file`,
    unlimited,
    (request, reply) => {
      const found = assets().find(request.params.folder, request.params.file);
      if (!found) throw new AppError(commonErrors.NOT_FOUND);
      // Workers of the editor follow the policy of their own file.
      reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', 'content-security-policy': policy });
      return reply.type(found.type).send(createReadStream(found.path));
    },
  );
}
