import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { createContext } from '#libs/context/request-context.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { toErrorBody } from '#libs/errors/error-body.js';

/** Node's own link from a socket to the response that is being written to it. */
interface ServerSocket extends Socket {
  _httpMessage?: { headersSent: boolean; statusCode: number };
}

const answered = new WeakSet<Socket>();

/**
 * Answers what never became a request, or never became whole: malformed HTTP (400), a header section that is too
 * large (431), headers or a body that do not arrive in time (408). There is no reply object, so it goes out as bytes.
 */
export function answerClientError(error: Error & { code?: string }, socket: ServerSocket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || answered.has(socket)) return;
  answered.add(socket);
  const row =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? commonErrors.REQUEST_TIMEOUT
      : error.code === 'HPE_HEADER_OVERFLOW' || error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW'
        ? commonErrors.HEADERS_TOO_LARGE
        : commonErrors.MALFORMED_REQUEST;
  const response = socket._httpMessage;
  // In the middle of another answer these bytes would be taken for a part of it.
  if (socket.writable && !response?.headersSent) {
    // For the request's log line, when there is a request.
    if (response) response.statusCode = row.status;
    socket.write(rawResponse(row.status, new AppError(row)));
  }
  socket.destroySoon();
}

function rawResponse(status: number, error: AppError): string {
  const { correlationId, locale } = createContext('');
  const body = JSON.stringify(toErrorBody(error, { correlationId, locale }).body);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: private, no-store',
    `X-Correlation-Id: ${correlationId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
