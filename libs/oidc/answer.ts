import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** Shows a page through the reply, in place of what the library would have written. */
export type ShowPage = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const requests = new WeakMap<object, FastifyRequest>();
const pages = new WeakMap<object, ShowPage>();

/** Makes our request known to what only has Node's. */
export const remember = (request: FastifyRequest): void => void requests.set(request.raw, request);
/** Ours, of a context of the library. */
export function requestOf({ req }: { readonly req: object }): FastifyRequest {
  const request = requests.get(req);
  if (!request) throw new Error('The library was called with a request that is none of ours.');
  return request;
}
export const addressOf = (req: IncomingMessage): string | undefined => requests.get(req)?.ip;

/** Leaves the answer to a page. */
export function answerWith(ctx: KoaContextWithOIDC, page: ShowPage): void {
  ctx.respond = false;
  pages.set(ctx.req, page);
}
export const pageFor = (request: FastifyRequest): ShowPage | undefined => pages.get(request.raw);
