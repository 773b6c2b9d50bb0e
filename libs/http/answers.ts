import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { currentLocale } from '#libs/context/request-context.js';
import { Document, Listing } from '#libs/database/answers.js';
import type { Resource } from '#libs/database/resource.js';
import { localized, varyBy } from './edge/vary.js';
import { PublicDocument } from './public-document.js';
import { Created } from './rest-query.js';

const staleWhileRevalidate = 300;
const publicFor = (maxAge: number) => `public, max-age=${maxAge}, stale-while-revalidate=${staleWhileRevalidate}`;
/** Of documents that only a new release changes. */
const documentMaxAge = 60;

/** What a shared cache gives to many must not say what is left to one. */
function publish(reply: FastifyReply, maxAge: number): void {
  reply.removeHeader('ratelimit').removeHeader('ratelimit-policy').header('cache-control', publicFor(maxAge));
}
/** Shared caches may keep what everybody sees, and only what was asked for without credentials. */
function cacheControl(request: FastifyRequest, reply: FastifyReply, publicMaxAge: number | undefined): void {
  if (publicMaxAge === undefined) {
    reply.header('cache-control', 'private, no-cache');
    return;
  }
  // Without it a cache would give the public answer to somebody who may see more.
  varyBy(reply, 'Authorization');
  if (request.headers.authorization === undefined) publish(reply, publicMaxAge);
  else reply.header('cache-control', 'private, no-cache');
}
/** Says in which language the texts of the answer are, where it holds any. */
function contentLanguage(reply: FastifyReply, resource: Resource): void {
  if (resource.isLocalized) localized(reply, currentLocale());
}
/** RFC 9110 §13.1.2: weak comparison. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
function nextLink(request: FastifyRequest, cursor: string): string {
  const url = new URL(request.raw.url!, 'http://local');
  url.searchParams.set('after', cursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}

/** Turns the documents and listings that handlers return into answers: body, `ETag`, 304, `Link`, cache headers. */
export function installAnswers(fastify: FastifyInstance): void {
  fastify.addHook('preSerialization', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (payload instanceof Created) {
      reply.header('location', payload.location);
      payload = payload.document;
    }
    if (payload instanceof Document) {
      const { resource, item } = payload;
      contentLanguage(reply, resource);
      if (resource.versioned) reply.header('etag', payload.etag);
      if (isRead) {
        cacheControl(request, reply, resource.definition.publicMaxAge);
        if (resource.versioned && matches(request.headers['if-none-match'], payload.etag))
          return notModified(reply, done);
      }
      return done(null, item);
    }
    if (payload instanceof Listing) {
      const { read, page, next, total } = payload;
      contentLanguage(reply, read.resource);
      cacheControl(request, reply, read.resource.definition.publicMaxAge);
      const { etag } = payload;
      if (etag !== undefined) {
        reply.header('etag', etag);
        if (matches(request.headers['if-none-match'], etag)) return notModified(reply, done);
      }
      if (next !== null) reply.header('link', nextLink(request, next));
      return done(null, {
        data: page.items,
        page: { next, limit: read.limit, ...(total && { total: total.count, totalIsExact: total.isExact }) },
      });
    }
    if (payload instanceof PublicDocument) {
      const { etag, type, language, text } = payload;
      publish(reply, documentMaxAge);
      reply.header('etag', etag);
      if (language !== undefined) reply.header('content-language', language);
      if (matches(request.headers['if-none-match'], etag)) return notModified(reply, done);
      reply.type(type).serializer(() => text);
      return done(null, text);
    }
    done(null, payload);
  });
}
function notModified(reply: FastifyReply, done: (error: null, payload: unknown) => void): void {
  reply.code(304);
  reply.serializer(() => '');
  done(null, '');
}
