import type { FastifyReply, FastifyRequest } from 'fastify';
import { headersOf } from '#libs/errors/error-body.js';
import { toAppError } from '#libs/errors/foreign-errors.js';
import { logError } from '#libs/http/edge/send-error.js';
import { descriptionOf } from './endpoint-limits.js';

/** What failed outside the library, in the format that clients of OAuth read (RFC 6749 §5.2). */
export function sendOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { operation, correlationId } = request.requestContext;
  const appError = toAppError(error);
  logError(appError, operation);
  const { status, retryAfterSeconds } = appError;
  const isTemporary = status === 429 || status === 503;
  const description =
    status === 429 && retryAfterSeconds !== undefined ? descriptionOf(retryAfterSeconds) : appError.code;
  return reply
    .code(status)
    .headers({ ...headersOf(appError), 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' })
    .send(
      JSON.stringify({
        error: isTemporary ? 'temporarily_unavailable' : status < 500 ? 'invalid_request' : 'server_error',
        error_description: description,
        correlationId,
      }),
    );
}
