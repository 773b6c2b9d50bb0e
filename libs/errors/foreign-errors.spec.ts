import {
  BadRequestException,
  ConflictException,
  ForbiddenException,
  HttpException,
  ImATeapotException,
  InternalServerErrorException,
  NotFoundException,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.js';
import { commonErrors } from './common-errors.js';
import { toAppError } from './foreign-errors.js';

const pg = (code: string) => Object.assign(new Error('SECRET'), { code, severity: 'ERROR' });
const coded = (code: string) => Object.assign(new Error('SECRET'), { code });

describe('toAppError', () => {
  it.each<[string, unknown, number, string, boolean]>([
    ['value out of range', pg('22003'), 400, 'VALIDATION_FAILED', false],
    ['invalid text representation', pg('22P02'), 400, 'VALIDATION_FAILED', false],
    ['NUL in a text', pg('22021'), 400, 'VALIDATION_FAILED', false],
    ['unique violation', pg('23505'), 409, 'CONFLICT', false],
    ['foreign key violation', pg('23503'), 409, 'CONFLICT', false],
    ['exclusion violation', pg('23P01'), 409, 'CONFLICT', false],
    ['not null violation', pg('23502'), 500, 'INTERNAL_ERROR', false],
    ['check violation', pg('23514'), 500, 'INTERNAL_ERROR', false],
    ['syntax error', pg('42601'), 500, 'INTERNAL_ERROR', false],
    ['no such table', pg('42P01'), 500, 'INTERNAL_ERROR', false],
    ['serialization failure', pg('40001'), 503, 'UNAVAILABLE', true],
    ['deadlock', pg('40P01'), 503, 'UNAVAILABLE', true],
    ['lock timeout', pg('55P03'), 503, 'UNAVAILABLE', true],
    ['statement timeout', pg('57014'), 503, 'UNAVAILABLE', true],
    ['shutdown', pg('57P01'), 503, 'UNAVAILABLE', true],
    ['starting up', pg('57P03'), 503, 'UNAVAILABLE', true],
    ['too many connections', pg('53300'), 503, 'UNAVAILABLE', true],
    ['connection failure', pg('08006'), 503, 'UNAVAILABLE', true],
    ['standby', pg('25006'), 503, 'UNAVAILABLE', true],
    ['connection refused', coded('ECONNREFUSED'), 503, 'UNAVAILABLE', true],
    ['broken pipe, five capitals but no SQLSTATE', coded('EPIPE'), 503, 'UNAVAILABLE', true],
    ['pool acquire timeout', new Error('timeout exceeded when trying to connect'), 503, 'UNAVAILABLE', true],
    ['connection lost', new Error('Connection terminated unexpectedly'), 503, 'UNAVAILABLE', true],
    [
      'stale version',
      Object.assign(new Error('SECRET'), { name: 'OptimisticLockError' }),
      412,
      'PRECONDITION_FAILED',
      false,
    ],
    ['body too large', new fastify.errorCodes.FST_ERR_CTP_BODY_TOO_LARGE(), 413, 'PAYLOAD_TOO_LARGE', false],
    ['media type', new fastify.errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(), 415, 'UNSUPPORTED_MEDIA_TYPE', false],
    ['broken JSON', new fastify.errorCodes.FST_ERR_CTP_INVALID_JSON_BODY(), 400, 'MALFORMED_REQUEST', false],
    ['empty JSON', new fastify.errorCodes.FST_ERR_CTP_EMPTY_JSON_BODY(), 400, 'MALFORMED_REQUEST', false],
    ['content length', new fastify.errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH(), 400, 'MALFORMED_REQUEST', false],
    ['bad URL', new fastify.errorCodes.FST_ERR_BAD_URL(), 400, 'MALFORMED_REQUEST', false],
    ['Nest 400', new BadRequestException('SECRET'), 400, 'VALIDATION_FAILED', false],
    ['Nest 401', new UnauthorizedException('SECRET'), 401, 'UNAUTHENTICATED', false],
    ['Nest 403', new ForbiddenException('SECRET'), 403, 'FORBIDDEN', false],
    ['Nest 404', new NotFoundException('SECRET'), 404, 'NOT_FOUND', false],
    ['Nest 409', new ConflictException('SECRET'), 409, 'CONFLICT', false],
    ['Nest 418', new ImATeapotException('SECRET'), 400, 'MALFORMED_REQUEST', false],
    ['Nest 429', new HttpException('SECRET', 429), 429, 'TOO_MANY_REQUESTS', true],
    ['Nest 500', new InternalServerErrorException('SECRET'), 500, 'INTERNAL_ERROR', false],
    ['Nest 503', new ServiceUnavailableException('SECRET'), 503, 'UNAVAILABLE', true],
    ['Error', new Error('SECRET'), 500, 'INTERNAL_ERROR', false],
    ['string', 'SECRET', 500, 'INTERNAL_ERROR', false],
    ['undefined', undefined, 500, 'INTERNAL_ERROR', false],
    ['null', null, 500, 'INTERNAL_ERROR', false],
  ])('%s', (_name, error, status, code, retry) => {
    const result = toAppError(error);
    expect([result.status, result.code]).toEqual([status, code]);
    expect(result.retryAfterSeconds !== undefined).toBe(retry);
    expect(JSON.stringify([result.params, result.details])).not.toContain('SECRET');
  });

  it('returns an AppError as it is, and the one that Nest has wrapped', () => {
    const error = new AppError(commonErrors.CONFLICT);
    expect(toAppError(error)).toBe(error);
    expect(toAppError(new HttpException('x', 400, { cause: error }))).toBe(error);
  });

  it('finds the Fastify error that Nest has wrapped', () => {
    const cause = new fastify.errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    expect(toAppError(new HttpException(cause.message, 413, { cause })).code).toBe('PAYLOAD_TOO_LARGE');
  });

  it('names the fields that a JSON schema refused', async () => {
    const server = fastify({
      ajv: { customOptions: { allErrors: true, removeAdditional: false, coerceTypes: false } },
    });
    const body = {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        lines: {
          type: 'array',
          maxItems: 1,
          items: {
            type: 'object',
            properties: {
              quantity: { type: 'integer', minimum: 1 },
              color: { enum: ['RED', 'BLUE'] },
              code: { type: 'string', maxLength: 2, pattern: '^a' },
            },
          },
        },
      },
    };
    server.post('/', { schema: { body } }, () => 'ok');
    server.setErrorHandler((error, _request, reply) => reply.send(toAppError(error).details));
    const response = await server.inject({
      method: 'POST',
      url: '/',
      payload: { lines: [{ quantity: 0, color: 'X', code: 'bcd' }, { quantity: 'x' }], more: 1 },
    });
    expect(response.json()).toEqual(
      expect.arrayContaining([
        { field: 'name', code: 'REQUIRED' },
        { field: 'more', code: 'UNKNOWN_FIELD' },
        { field: 'lines', code: 'MAX_ITEMS', params: { max: 1 } },
        { field: 'lines.0.quantity', code: 'MIN', params: { min: 1 } },
        { field: 'lines.0.color', code: 'ENUM', params: { allowed: 'RED, BLUE' } },
        { field: 'lines.0.code', code: 'MAX_LENGTH', params: { max: 2 } },
        { field: 'lines.0.code', code: 'FORMAT' },
        { field: 'lines.1.quantity', code: 'TYPE', params: { expected: 'integer' } },
      ]),
    );
    await server.close();
  });
});
