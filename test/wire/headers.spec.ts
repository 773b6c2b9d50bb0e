import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { request } from 'node:http';
import { Controller, Get, Header } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy, pagePolicy } from '#libs/http/edge/security-headers.js';
import { startWireApp, type WireApp } from './wire-app.js';

const APP = 'https://app.example.com';

@Controller()
class HeadersController {
  @Get('private') private() {
    return { ok: true };
  }
  @Get('public')
  @Header('Cache-Control', 'public, max-age=60, stale-while-revalidate=30')
  @Header('ETag', '"7.ab"')
  public() {
    return { text: 'ü'.repeat(600) };
  }
  @Get('page')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', contentSecurityPolicy(pagePolicy({ 'img-src': ["'self'"] })))
  page() {
    return '<p>page</p>';
  }
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}
/** fetch would decode bodies and hide header fields of CORS. */
const call = (wire: WireApp, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answer>((resolve, reject) => {
    request(wire.url + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

describe('security headers', () => {
  let wire: WireApp;
  beforeAll(async () => {
    wire = await startWireApp({ controllers: [HeadersController], environment: 'production' });
  });
  afterAll(() => wire.app.close());

  it.each([
    ['an answer', '/private'],
    ['an unknown address', '/nothing'],
    ['an address that the router refuses', '/%zz'],
  ])('are on %s', async (_name, path) => {
    const { headers } = await call(wire, path);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });

  it('give way to what a route says', async () => {
    const page = await call(wire, '/page');
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none';script-src 'self';style-src 'self';" +
        "img-src 'self';font-src 'self';connect-src 'self'",
    );
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    const { headers } = await call(wire, '/public');
    expect(headers['cache-control']).toBe('public, max-age=60, stale-while-revalidate=30');
  });

  it('promise https only in production', async () => {
    const development = await startWireApp({ controllers: [HeadersController], environment: 'development' });
    expect((await call(development, '/private')).headers).not.toHaveProperty('strict-transport-security');
    await development.app.close();
  });
});

describe('CORS', () => {
  let wire: WireApp;
  beforeAll(async () => {
    wire = await startWireApp({
      controllers: [HeadersController],
      http: { corsOrigins: [APP, 'https://admin.example.com'] },
    });
  });
  afterAll(() => wire.app.close());

  const preflight = (origin: string, path = '/private') =>
    call(
      wire,
      path,
      {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'if-match,idempotency-key',
      },
      'OPTIONS',
    );

  it('lets an origin on the list in, with credentials', async () => {
    const { headers } = await call(wire, '/private', { origin: APP });
    expect(headers['access-control-allow-origin']).toBe(APP);
    expect(headers['access-control-allow-credentials']).toBe('true');
    expect(headers.vary).toBe('Origin');
    const exposed = String(headers['access-control-expose-headers']).split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['ETag', 'Link', 'Location', 'Retry-After', 'X-Correlation-Id', 'Idempotent-Replayed']),
    );
    expect(exposed).toEqual(expect.arrayContaining(['Deprecation', 'Sunset', 'RateLimit', 'RateLimit-Policy']));
  });
  it.each(['https://evil.example.com', 'http://app.example.com', `${APP}.evil.com`, `${APP}:8443`, 'null'])(
    'keeps %s out',
    async (origin) => {
      expect((await call(wire, '/private', { origin })).headers).not.toHaveProperty('access-control-allow-origin');
      expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
  it('says that the answer depends on the origin, with and without one', async () => {
    expect((await call(wire, '/private')).headers.vary).toBe('Origin');
    expect((await call(wire, '/nothing')).headers.vary).toBe('Origin, Accept-Language, Accept');
  });
  it('answers a preflight itself, and lets it be kept', async () => {
    const { status, headers, body } = await preflight(APP);
    expect(status).toBe(204);
    expect(body).toHaveLength(0);
    expect(headers['access-control-allow-methods']).toContain('PATCH');
    expect(String(headers['access-control-allow-headers']).toLowerCase()).toMatch(/idempotency-key.*if-match/);
    expect(headers['access-control-max-age']).toBe('7200');
  });
  it('lets a script read errors too', async () => {
    const { status, headers } = await call(wire, '/nothing', { origin: APP });
    expect([status, headers['access-control-allow-origin']]).toEqual([404, APP]);
  });
  it('is off when nobody is on the list', async () => {
    const closed = await startWireApp({ controllers: [HeadersController] });
    const { headers } = await call(closed, '/private', { origin: APP });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('vary');
    await closed.app.close();
  });
  it('reflects any origin where the configuration says *', async () => {
    const open = await startWireApp({ controllers: [HeadersController], http: { corsOrigins: ['*'] } });
    const { headers } = await call(open, '/private', { origin: 'http://localhost:5173' });
    expect(headers['access-control-allow-origin']).toBe('http://localhost:5173');
    await open.app.close();
  });
});

describe('compression', () => {
  let wire: WireApp;
  beforeAll(async () => {
    wire = await startWireApp({ controllers: [HeadersController], http: { compression: true, corsOrigins: [APP] } });
  });
  afterAll(() => wire.app.close());
  const expected = JSON.stringify({ text: 'ü'.repeat(600) });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('%s', async (coding, decode) => {
    const { headers, body } = await call(wire, '/public', { 'accept-encoding': coding });
    expect(headers['content-encoding']).toBe(coding);
    expect(decode(body).toString()).toBe(expected);
    expect(Number(headers['content-length'])).toBe(body.length);
    expect(headers.etag).toBe('"7.ab"');
  });
  it('varies by Accept-Encoding whether or not it was used', async () => {
    for (const accept of ['gzip', 'identity', '']) {
      const { headers } = await call(wire, '/public', accept ? { 'accept-encoding': accept } : {});
      expect(String(headers.vary).split(', ').sort(), accept).toEqual(['Origin', 'accept-encoding']);
    }
  });
  it('leaves small answers and clients without it alone', async () => {
    const small = await call(wire, '/private', { 'accept-encoding': 'gzip' });
    expect(small.headers).not.toHaveProperty('content-encoding');
    const plain = await call(wire, '/public');
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.body.toString()).toBe(expected);
  });
  it('can be left to the ingress', async () => {
    const off = await startWireApp({ controllers: [HeadersController] });
    const { headers } = await call(off, '/public', { 'accept-encoding': 'gzip' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('vary');
    await off.app.close();
  });
});
