import type { FastifyReply, FastifyRequest } from 'fastify';
import { varyBy } from '#libs/http/edge/vary.js';

const response = 'application/graphql-response+json';
const json = 'application/json';
type MediaType = typeof response | typeof json;

/**
 * Which of the two media types of GraphQL over HTTP the client prefers. JSON for whoever names neither: that is what
 * clients from before there was a choice expect.
 */
export function mediaTypeOf(accept: string | undefined): MediaType {
  if (!accept?.includes(response)) return json;
  const wanted = quality(accept, response);
  return wanted > 0 && wanted >= quality(accept, json) ? response : json;
}
/** RFC 9110 §12.5.1; what is not named has that of its wildcard. */
function quality(accept: string, type: MediaType): number {
  const found = new Map<string, number>();
  for (const range of accept.split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    found.set(name, q === undefined ? 1 : Number(q) || 0);
  }
  return found.get(type) ?? found.get('application/*') ?? found.get('*/*') ?? 0;
}

/** Gives the answer its media type, which decides what its status says (`statusOf`). */
export function setMediaType(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('content-type', `${mediaTypeOf(request.headers.accept)}; charset=utf-8`);
  varyBy(reply, 'accept');
}
/**
 * The status of an answer without `data`. In JSON it is 200 where the request was well-formed and only its document or
 * variables were refused, because clients take other numbers for an answer of somebody on the way.
 */
export const statusOf = (request: FastifyRequest | undefined, status: number, wellFormed: boolean): number =>
  wellFormed && mediaTypeOf(request?.headers.accept) === json ? 200 : status;
