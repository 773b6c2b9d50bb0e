import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import secureJson from 'secure-json-parse';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { detailCodes } from '#libs/errors/detail-codes.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Whether objects and arrays are nested deeper than `max`. Only bytes are looked at, once and without recursion: what
 * is too deep must be known before anything parses it. Text that is not JSON may get either answer.
 */
export function isNestedDeeper(json: Uint8Array, max: number): boolean {
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    switch (json[i]) {
      case QUOTE:
        for (i++; i < json.length && json[i] !== QUOTE; i++) if (json[i] === BACKSLASH) i++;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > max) return true;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
    }
  }
  return false;
}

/** The value of a JSON body; `undefined` for an empty one. Throws MALFORMED_REQUEST whose detail names the reason. */
export function parseJson(body: Buffer, maxDepth: number): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw malformed(detailCodes.JSON_ENCODING);
  if (isNestedDeeper(body, maxDepth)) throw malformed(detailCodes.JSON_DEPTH, { max: maxDepth });
  try {
    return secureJson.parse(body.toString('utf8'), undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    const forbidden = error instanceof Error && error.message.includes('forbidden prototype property');
    throw malformed(forbidden ? detailCodes.JSON_KEY : detailCodes.JSON_SYNTAX);
  }
}

const malformed = (code: string, params?: { max: number }) =>
  new AppError(commonErrors.MALFORMED_REQUEST, { details: [{ field: '', code, params }] });

/** Media types whose body is JSON; every other body is refused with 415. */
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

/** Makes JSON the only thing that a body may be. */
export function acceptJsonBodies(fastify: FastifyInstance, options: { bodyLimit: number; maxDepth: number }): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    JSON_TYPES,
    { parseAs: 'buffer', bodyLimit: options.bodyLimit },
    (request: FastifyRequest, body, done) => {
      try {
        refuseOtherCodings(request);
        request.requestContext.bytesIn = body.length;
        done(null, parseJson(body, options.maxDepth));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

/** JSON between systems is UTF-8 (RFC 8259 §8.1), and compressed bodies would need a limit of their own. */
function refuseOtherCodings(request: FastifyRequest): void {
  const type = request.headers['content-type'];
  const charset = type === undefined ? undefined : /;\s*charset="?([^";\s]+)/i.exec(type)?.[1];
  const coding = request.headers['content-encoding'];
  if ((charset !== undefined && !/^utf-?8$/i.test(charset)) || (coding !== undefined && coding !== 'identity'))
    throw new AppError(commonErrors.UNSUPPORTED_MEDIA_TYPE);
}
