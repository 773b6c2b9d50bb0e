import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Egress } from '#libs/egress/egress.js';
import type { EgressRequest } from '#libs/egress/egress.js';
import { PublicAddresses } from '#libs/egress/addresses.js';
import { AppError } from '#libs/errors/app-error.js';
import {
  Canary,
  egressConfig,
  insideUrls,
  namesOfTheInside,
  Outside,
  publicAddress,
  rebinding,
  ScriptedResolver,
} from './egress-corpus.js';

let outside: Outside;
let canary: Canary;
let egress: Egress;
let resolver: ScriptedResolver;
const open: (() => void)[] = [];
const at = (path: string, host = 'outside.test') => `http://${host}:${outside.port}${path}`;

beforeAll(async () => {
  outside = await Outside.start((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    const location = searchParams.get('to');
    if (pathname === '/hello') response.setHeader('X-Answer', '42').end(`hello ${request.headers.host}`);
    else if (pathname === '/echo') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () =>
        response.end(
          JSON.stringify({ method: request.method, headers: request.headers, body: String(Buffer.concat(chunks)) }),
        ),
      );
    } else if (location !== null) response.writeHead(Number(searchParams.get('status') ?? 302), { location }).end();
    else if (pathname === '/silent') response.on('error', () => undefined);
    else if (pathname === '/drip') {
      response.write('x');
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    } else if (pathname === '/endless') {
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (response.write(chunk));
      };
      response.on('drain', more);
      more();
    } else if (pathname === '/announced') response.writeHead(200, { 'content-length': String(2 ** 40) }).write('x');
    else if (pathname === '/bomb')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
    else if (pathname === '/headers') {
      for (let i = 0; i < 40; i++) response.setHeader(`x-${i}`, 'x'.repeat(1000));
      response.end();
    } else response.socket!.end('nonsense\r\n\r\n');
  });
  canary = await Canary.at(outside.port);
  resolver = new ScriptedResolver({ 'outside.test': [[publicAddress]], ...namesOfTheInside, ...rebinding });
  egress = new Egress(egressConfig(), resolver);
});
afterAll(async () => {
  for (const close of open) close();
  await egress.onApplicationShutdown();
  await canary.stop();
  await outside.stop();
});
async function failure(url: string, options?: EgressRequest) {
  const error: unknown = await egress.fetch(url, options).then(
    ({ status }) => new Error(`answered ${status}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  const { code, privateDetail, params } = error as AppError;
  expect(params, 'the public text says nothing of what answered').toEqual({});
  return { code, privateDetail };
}

describe('what is public', () => {
  it('is answered, by name and with the name in Host', async () => {
    const { status, headers, body } = await egress.fetch(at('/hello'));
    expect([status, headers.get('x-answer'), String(body)]).toEqual([200, '42', `hello outside.test:${outside.port}`]);
  });
  it('gets method, body and headers, but none that say who is asked', async () => {
    const { body } = await egress.fetch(at('/echo'), {
      method: 'POST',
      body: 'text',
      headers: { Host: 'inside', Connection: 'upgrade', 'X-Mine': 'yes', 'Accept-Encoding': 'br' },
    });
    const {
      method,
      headers,
      body: sent,
    } = JSON.parse(String(body)) as { method: string; body: string; headers: Record<string, string> };
    expect([method, sent]).toEqual(['POST', 'text']);
    expect(headers).toMatchObject({
      host: `outside.test:${outside.port}`,
      'x-mine': 'yes',
      'accept-encoding': 'identity',
    });
  });
  it('has its name in the TLS handshake', async () => {
    const hello = new Promise<Buffer>((resolve) => {
      const server = createServer((socket) =>
        socket
          .on('error', () => undefined)
          .once('data', (data) => {
            resolve(data);
            socket.destroy();
          }),
      );
      open.push(() => server.close());
      server.listen(0, publicAddress, () => {
        void failure(`https://outside.test:${(server.address() as AddressInfo).port}/`);
      });
    });
    expect(String(await hello)).toContain('outside.test');
  });
  it.each([
    ['8.8.8.8', true],
    ['2606:4700:4700::1111', true],
    ['::ffff:8.8.8.8', true],
    ['192.0.2.7', false],
    ['', false],
    ['127.0.0.1/8', false],
  ])('%s: %s', (address, expected) => expect(new PublicAddresses([], () => []).accepts(address)).toBe(expected));
  it('is not what the machine itself is', () => {
    expect(new PublicAddresses([], () => ['8.8.8.8']).accepts('8.8.8.8')).toBe(false);
    expect(new PublicAddresses(['8.8.8.0/24'], () => ['8.8.8.8']).accepts('8.8.8.8')).toBe(true);
  });
});

describe('the inside', () => {
  it('is watched', () => expect(canary.listening).toBeGreaterThanOrEqual(2));
  it('is not reached by any way to write its addresses', async () => {
    const before = outside.requests;
    for (const url of insideUrls(outside.port))
      expect(['URL_NOT_ALLOWED', 'REMOTE_FAILED'], JSON.stringify(url)).toContain((await failure(url)).code);
    expect(canary.hits).toBe(0);
    expect(outside.requests).toBe(before);
  });
  it.each(Object.keys(namesOfTheInside))('is not reached as %s', async (host) => {
    expect(await failure(at('/hello', host))).toMatchObject({ code: 'REMOTE_FAILED' });
    expect(canary.hits).toBe(0);
  });
  it('is not reached by a name that changes between two looks', async () => {
    const { body } = await egress.fetch(at('/hello', 'rebinding.test'));
    expect(String(body)).toContain('rebinding.test');
    expect(resolver.asked.filter((name) => name === 'rebinding.test')).toHaveLength(1);
    expect(canary.hits).toBe(0);
  });
  it('tells a name that leads inside from one that does not exist only in the log', async () => {
    const known = await failure(at('/', 'inside-0.test'));
    const unknown = await failure(at('/', 'unknown.test'));
    expect(known.code).toBe(unknown.code);
    expect(known.privateDetail).toBe('its host has an address that is not public');
    expect(unknown.privateDetail).toBe('ENOTFOUND');
  });
  it.each([
    ['an address', (port: number) => `http://127.0.0.1:${port}/`],
    ['a name', (port: number) => `http://inside-0.test:${port}/`],
    ['another scheme', () => 'file:///etc/passwd'],
    ['a user', (port: number) => `http://user:x@outside.test:${port}/hello`],
  ])('is not reached by a redirect to %s', async (_, to) => {
    const url = at(`/go?to=${encodeURIComponent(to(outside.port))}`);
    expect(await failure(url)).toMatchObject({ code: 'REMOTE_FAILED', privateDetail: 'it redirects' });
    expect(await failure(url, { redirects: 3 })).toMatchObject({ code: 'REMOTE_FAILED' });
    expect(canary.hits).toBe(0);
  });
});

describe('redirects', () => {
  it('are followed where asked, and as often as asked', async () => {
    const url = at(`/go?to=${encodeURIComponent('/hello')}`);
    expect((await egress.fetch(url, { redirects: 1 })).url).toBe(at('/hello'));
    expect(await failure(at(`/go?to=${encodeURIComponent(url)}`), { redirects: 1 })).toMatchObject({
      privateDetail: 'it redirects',
    });
    expect(await failure(url, { redirects: 1, method: 'POST' })).toMatchObject({ privateDetail: 'it redirects' });
  });
  it('do not take what was meant for one origin to another', async () => {
    const to = `http://rebinding.test:${outside.port}/echo`;
    const { body } = await egress.fetch(at(`/go?to=${encodeURIComponent(to)}`), {
      redirects: 1,
      headers: { authorization: 'Bearer x', cookie: 'a=b' },
    });
    const { headers } = JSON.parse(String(body)) as { headers: Record<string, string> };
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
  });
});

describe('an answer', () => {
  it.each([
    ['that does not come', '/silent', 'TimeoutError'],
    ['that drips', '/drip', 'TimeoutError'],
    ['that does not end', '/endless', 'its body is too large'],
    ['that announces too much', '/announced', 'its body is too large'],
    ['that is packed', '/bomb', 'its body is packed (gzip)'],
    ['with huge headers', '/headers', 'UND_ERR_HEADERS_OVERFLOW'],
    ['that is none', '/nonsense', 'HTTPParserError'],
  ])('%s is given up', async (_, path, privateDetail) => {
    const timeoutMs = privateDetail === 'TimeoutError' ? 1500 : 15_000;
    expect(await failure(at(path), { timeoutMs, maxBytes: 100_000 })).toEqual({ code: 'REMOTE_FAILED', privateDetail });
  });
  it('is given up with whoever asked', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    expect(await failure(at('/silent'), { signal: abort.signal })).toMatchObject({ privateDetail: 'AbortError' });
  });
  it('has the form of fetch for packages that want it', async () => {
    const response = await egress.asFetch({ maxBytes: 1000 })(at('/echo'), {
      method: 'POST',
      body: new URLSearchParams({ a: 'b' }),
    });
    expect(await response.json()).toMatchObject({ method: 'POST', body: 'a=b' });
    await expect(egress.asFetch()(`http://127.0.0.1:${outside.port}/`)).rejects.toThrow('URL_NOT_ALLOWED');
  });
});
