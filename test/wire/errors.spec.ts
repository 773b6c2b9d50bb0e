import { BadRequestException, Body, Controller, Get, Header, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { startWireApp, type WireApp } from './wire-app.js';

const SECRET = 'postgres://admin:hunter2@db/things';

@Controller('things')
class ThingsController {
  @Get(':id') one(@Param('id') id: string) {
    return { id };
  }
  @Patch(':id') change(@Body() body: unknown) {
    return { body };
  }
  @Post() create(@Body() body: unknown) {
    return { body: body ?? null };
  }
}

@Controller('throws')
class ThrowingController {
  @Get('app') app() {
    throw new AppError(commonErrors.SORT_NOT_ALLOWED, { params: { field: 'x', allowed: 'a, b' } });
  }
  @Get('details') details() {
    throw new AppError(commonErrors.VALIDATION_FAILED, {
      details: [{ field: 'items.0.quantity', code: 'MIN', params: { min: 1 } }],
    });
  }
  @Get('nest') nest() {
    throw new BadRequestException(SECRET);
  }
  @Get('unknown') unknown() {
    throw new Error(SECRET);
  }
  @Get('string') string() {
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw SECRET;
  }
  @Get('serialization') serialization() {
    throw Object.assign(new Error(`Key (email)=(a@example.com)`), { code: '40001' });
  }
  @Get('cached')
  @Header('Cache-Control', 'public, max-age=60')
  @Header('ETag', '"1.a"')
  cached() {
    throw new AppError(commonErrors.NOT_FOUND);
  }
  @Get('half') half(@Res() reply: FastifyReply) {
    reply.raw.write('half of an answer');
    throw new Error('the rest does not come');
  }
}

let wire: WireApp;
beforeAll(async () => {
  wire = await startWireApp({ controllers: [ThingsController, ThrowingController] });
});
afterAll(() => wire.app.close());

const call = async (path: string, init?: RequestInit) => {
  const response = await fetch(wire.url + path, init);
  const text = await response.text();
  return { response, text, json: (text ? JSON.parse(text) : undefined) as Record<string, any> };
};
const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
  call('/things', { method: 'POST', body, headers: { 'content-type': type } });

describe('every error has the one shape', () => {
  it.each([
    ['an AppError', '/throws/app', {}, 400, 'SORT_NOT_ALLOWED'],
    ["Nest's own exception", '/throws/nest', {}, 400, 'VALIDATION_FAILED'],
    ['anything else', '/throws/unknown', {}, 500, 'INTERNAL_ERROR'],
    ['a thrown string', '/throws/string', {}, 500, 'INTERNAL_ERROR'],
    ['a retryable database error', '/throws/serialization', {}, 503, 'UNAVAILABLE'],
    ['an unknown address', '/nothing/here', {}, 404, 'NOT_FOUND'],
    ['an address with an empty parameter', '/things/', {}, 404, 'NOT_FOUND'],
    ['a parameter that is too long', `/things/${'x'.repeat(500)}`, {}, 404, 'NOT_FOUND'],
    ['broken percent-encoding in the path', '/things/%zz', {}, 400, 'MALFORMED_REQUEST'],
    ['broken UTF-8 in the path', '/things/%ff', {}, 400, 'MALFORMED_REQUEST'],
    ['broken percent-encoding in the query', '/things/1?q=%e4', {}, 400, 'MALFORMED_REQUEST'],
    ['a NUL in the path', '/things/a%00b', {}, 400, 'MALFORMED_REQUEST'],
    ['a NUL in the query', '/things/1?q=%00', {}, 400, 'MALFORMED_REQUEST'],
    ['a method that the address does not have', '/things/1', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
  ])('%s', async (_name, path, init, status, code) => {
    const { response, json, text } = await call(path, init);
    expect(response.status).toBe(status);
    expect(json).toEqual({
      error: {
        code,
        message: expect.stringMatching(/\S/),
        details: [],
        correlationId: response.headers.get('x-correlation-id'),
      },
    });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('example.com');
  });

  it('fills the texts in, in the language of the client', async () => {
    const { json } = await call('/throws/details', { headers: { 'accept-language': 'fr, de-AT;q=0.8' } });
    expect(json.error.message).toBe('Einige Eingaben sind ungültig.');
    expect(json.error.details).toEqual([
      { field: 'items.0.quantity', code: 'MIN', message: 'Das muss mindestens 1 sein.' },
    ]);
    const english = await call('/throws/app');
    expect(english.json.error.message).toBe('Cannot sort by x. Allowed: a, b.');
  });

  it('is a problem document when the client asks for one', async () => {
    const { response, json } = await call('/throws/details?token=abc', {
      headers: { accept: 'application/problem+json' },
    });
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(json).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'Some input is not valid.',
      instance: '/throws/details',
      code: 'VALIDATION_FAILED',
      details: [{ field: 'items.0.quantity', code: 'MIN', message: 'This must be at least 1.' }],
      correlationId: response.headers.get('x-correlation-id'),
    });
    const plain = await call('/throws/app', {
      headers: { accept: 'application/json, application/problem+json;q=0.5' },
    });
    expect(plain.json.error.code).toBe('SORT_NOT_ALLOWED');
  });

  it('takes nothing over from the answer that it replaces', async () => {
    const { response } = await call('/throws/cached');
    expect(response.status).toBe(404);
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });

  it('says when to come back', async () => {
    const { response } = await call('/throws/serialization');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  it('breaks off an answer that has begun, so that the client notices', async () => {
    await expect(fetch(`${wire.url}/throws/half`).then((response) => response.text())).rejects.toThrow();
  });

  it('logs an unknown error with its stack, and no expected one', async () => {
    const before = wire.lines().length;
    await call('/throws/unknown');
    await call('/throws/app');
    const errors = wire
      .lines()
      .slice(before)
      .filter((line) => 'err' in line);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      level: 'error',
      code: 'INTERNAL_ERROR',
      operation: 'GET /throws/unknown',
      err: { type: 'Error', stack: expect.stringContaining('ThrowingController.unknown') },
    });
    expect(wire.logText().match(/hunter2|example\.com/)).toBeNull();
  });
});

describe('methods', () => {
  it('names those that work', async () => {
    const { response } = await call('/things/1', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, HEAD, PATCH, OPTIONS');
    const options = await call('/things/1', { method: 'OPTIONS' });
    expect(options.response.status).toBe(204);
    expect(options.response.headers.get('allow')).toBe('GET, HEAD, PATCH, OPTIONS');
  });
  it('answers HEAD like GET', async () => {
    const { response } = await call('/things/1', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('10');
  });
});

describe('bodies', () => {
  it('may be missing or empty', async () => {
    expect((await call('/things', { method: 'POST' })).json).toEqual({ body: null });
    expect((await post('')).json).toEqual({ body: null });
  });
  it('may be a merge patch', async () => {
    const patch = { method: 'PATCH', body: '{"a":null}', headers: { 'content-type': 'application/merge-patch+json' } };
    expect((await call('/things/1', patch)).json).toEqual({ body: { a: null } });
  });
  it('may say that it is UTF-8', async () => {
    expect((await post('"ü"', 'application/json; charset=UTF-8')).json).toEqual({ body: 'ü' });
  });
  it.each([
    ['forms', 'a=1', 'application/x-www-form-urlencoded'],
    ['text', 'a', 'text/plain'],
    ['multipart', '--x--', 'multipart/form-data; boundary=x'],
    ['another charset', '"\u00fc"', 'application/json; charset=iso-8859-1'],
    ['nonsense', 'a', 'nonsense'],
  ])('may not be %s', async (_name, body, type) => {
    const { response, json } = await post(body, type);
    expect(response.status).toBe(415);
    expect(json.error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
  });
  it('may not be without a type', async () => {
    const { response } = await call('/things', { method: 'POST', body: new TextEncoder().encode('{}') });
    expect(response.status).toBe(415);
  });
  it('may not be compressed', async () => {
    const { response } = await call('/things', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(response.status).toBe(415);
  });
  it.each([
    ['cut off', '{"a":1', 'JSON_SYNTAX'],
    ['with a prototype', '{"a":{"__proto__":{"b":1}}}', 'JSON_KEY'],
    ['with an escaped prototype', '{"\\u005f_proto__":{"b":1}}', 'JSON_KEY'],
    ['with a constructor', '{"constructor":{"prototype":{"b":1}}}', 'JSON_KEY'],
    ['too deep', '['.repeat(33) + ']'.repeat(33), 'JSON_DEPTH'],
  ])('are refused when %s', async (_name, body, code) => {
    const { response, json } = await post(body);
    expect(response.status).toBe(400);
    expect(json.error).toMatchObject({ code: 'MALFORMED_REQUEST', details: [{ field: '', code }] });
  });
  it('are refused when they are not UTF-8', async () => {
    const { json } = await post(new Uint8Array([0x22, 0xc3, 0x28, 0x22]));
    expect(json.error.details[0].code).toBe('JSON_ENCODING');
  });
  it('are accepted as deep as is allowed', async () => {
    const { response } = await post('['.repeat(32) + ']'.repeat(32));
    expect(response.status).toBe(201);
  });
  it('are refused above 128 KiB and accepted up to it', async () => {
    const fits = `"${'x'.repeat(128 * 1024 - 2)}"`;
    expect((await post(fits)).response.status).toBe(201);
    const { response, json } = await post(`"${'x'.repeat(128 * 1024 - 1)}"`);
    expect(response.status).toBe(413);
    expect(json.error.code).toBe('PAYLOAD_TOO_LARGE');
  });
  it('keep the connection when they were read to the end', async () => {
    const { response } = await post('{');
    expect(response.headers.get('connection')).not.toBe('close');
  });
});
