import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '#libs/errors/app-error.js';
import { toErrorBody } from '#libs/errors/error-body.js';
import { toAppError } from '#libs/errors/foreign-errors.js';
import './edge-state.js';
import { localized, varyBy } from './vary.js';

const logger = new Logger('Errors');

/** Describe the representation that the error takes the place of. */
const REPRESENTATION_HEADERS = [
  'etag',
  'last-modified',
  'expires',
  'link',
  'location',
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-range',
] as const;

/**
 * Answers with the error's row of the catalogue. The one way out for every error over HTTP: handlers, guards, the
 * router, body parsers and plugins all end here.
 */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { requestContext: context, raw } = request;
  // The client went away while it was still sending: nobody to answer, and no error of ours.
  if (raw.aborted && (error as NodeJS.ErrnoException).code === 'ECONNRESET') return;
  const appError = toAppError(error);
  logError(appError, context.operation);
  if (reply.sent || reply.raw.headersSent) {
    if (reply.raw.writableEnded) return;
    // Half an answer is out: only a broken connection tells the client that the rest is missing. The status is for
    // the log.
    reply.raw.statusCode = appError.status;
    reply.raw.destroy();
    return;
  }
  const { status, headers, body } = toErrorBody(appError, {
    locale: context.locale,
    correlationId: context.correlationId,
    accept: request.headers.accept,
    instance: pathOf(request),
    docsUrl: request.server.edge.errorDocsUrl,
  });
  for (const name of REPRESENTATION_HEADERS) reply.removeHeader(name);
  localized(reply, context.locale);
  varyBy(reply, 'Accept');
  // Fastify closes after every body that did not parse; a body that was read to its end is no reason to.
  if (raw.complete && !request.server.edge.draining) reply.removeHeader('connection');
  reply.code(status).headers(headers).header('cache-control', 'private, no-store').send(JSON.stringify(body));
}

/** As sent, without the query: that may hold what nobody should read. */
export function pathOf(request: FastifyRequest): string {
  const end = request.raw.url!.indexOf('?');
  return end === -1 ? request.raw.url! : request.raw.url!.slice(0, end);
}

/** As much as operators need to know of it. */
export function logError(error: AppError, operation: string): void {
  if (error.status < 500) {
    if (error.privateDetail !== undefined) logger.debug({ code: error.code, operation, reason: error.privateDetail });
  } else if (error.status === 503) logger.warn({ code: error.code, operation, reason: error.privateDetail });
  else logger.error({ err: error.cause ?? error, code: error.code, operation, reason: error.privateDetail });
}

/** Nest's half of the same: what controllers, guards, pipes and interceptors throw. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    // GraphQL puts errors beside data; its formatter does that with the same catalogue.
    if (host.getType<string>() !== 'http') throw error;
    const http = host.switchToHttp();
    sendError(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
