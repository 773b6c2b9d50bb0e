import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

/** What a form was sent with (`application/x-www-form-urlencoded`). */
export class FormBody {
  private readonly fields: URLSearchParams;

  constructor(text = '') {
    this.fields = new URLSearchParams(text);
  }
  /** As typed; empty when there is no such field. */
  get(name: string): string {
    return this.fields.get(name) ?? '';
  }
  /** Of what is one line: without spaces around it. */
  line(name: string): string {
    return this.get(name).trim();
  }
  /** Whether a box was ticked or a button of this name pressed. */
  has(name: string): boolean {
    return this.fields.has(name);
  }
}

const bodyLimit = 16 * 1024;
const malformed = (privateDetail: string) => new AppError(commonErrors.MALFORMED_REQUEST, { privateDetail });

/** Makes forms the only bodies that the routes of this scope take. */
export function acceptFormBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit },
    (request, body, done) => {
      request.requestContext.bytesIn = body.length;
      const text = body.toString('latin1');
      // PostgreSQL text holds no NUL.
      if (/%00|\0/.test(text)) return done(malformed('a NUL in a form'));
      if (!isUtf8(body)) return done(malformed('a form that is not UTF-8'));
      done(null, new FormBody(body.toString('utf8')));
    },
  );
}
