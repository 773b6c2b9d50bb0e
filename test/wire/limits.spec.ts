import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdapter } from '#libs/http/edge/adapter.js';
import { exchange, open, readAll } from './raw-http.js';
import { startWireApp, type WireApp } from './wire-app.js';

@Controller()
class LimitsController {
  @Post('echo') echo(@Body() body: unknown) {
    return { body };
  }
  @Get('ok') ok() {
    return { ok: true };
  }
  @Get('ip') ip(@Req() request: FastifyRequest) {
    return { ip: request.ip };
  }
  @Get('slow-answer') slowAnswer(@Res() reply: FastifyReply) {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/plain' });
    reply.raw.write('first');
  }
}

let wire: WireApp;
beforeAll(async () => {
  wire = await startWireApp({
    controllers: [LimitsController],
    adapter: { requestTimeout: 200, headersTimeout: 100, connectionsCheckingInterval: 20, maxHeaderSize: 2048 },
  });
});
afterAll(() => wire.app.close());

const bodyOf = (text: string) => JSON.parse(text) as { error: { code: string; correlationId: string } };

describe('what never becomes a request', () => {
  it.each([
    ['malformed HTTP', 'nonsense\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    ['a header field without a colon', 'GET /ok HTTP/1.1\r\nHost: a\r\nx y\r\n\r\n', 400, 'MALFORMED_REQUEST'],
    [
      'a body of two lengths',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a header section that is too large',
      `GET /ok HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(4000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['headers that do not end', 'GET /ok HTTP/1.1\r\nHost: a\r\n', 408, 'REQUEST_TIMEOUT'],
    [
      'a body that does not end',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"a"',
      408,
      'REQUEST_TIMEOUT',
    ],
    [
      'a chunked body that does not end',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n',
      408,
      'REQUEST_TIMEOUT',
    ],
  ])('%s', async (_name, text, status, code) => {
    const response = await exchange(wire.port, text);
    expect(response.status).toBe(status);
    expect(bodyOf(response.text).error.code).toBe(code);
    expect(response.headers['x-correlation-id']).toBe(bodyOf(response.text).error.correlationId);
    expect(response.headers.connection).toBe('close');
    expect(Number(response.headers['content-length'])).toBe(Buffer.byteLength(response.text));
  });

  it('a request without a Host', async () => {
    const response = await exchange(wire.port, 'GET /ok HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(response.status).toBe(400);
    expect(bodyOf(response.text).error.code).toBe('MALFORMED_REQUEST');
  });

  it('a target that is not ASCII', async () => {
    const response = await exchange(wire.port, 'GET /ok?\u00fc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(response.status).toBe(400);
    expect(bodyOf(response.text).error.code).toBe('MALFORMED_REQUEST');
  });

  it('is one line in the log when there was a request, with the status that the client saw', async () => {
    const before = wire.lines().length;
    await exchange(
      wire.port,
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"a"',
    );
    await expect.poll(() => wire.lines().length).toBe(before + 1);
    expect(wire.lines().at(-1)).toMatchObject({ operation: 'POST /echo', status: 408, level: 'warn' });
  });

  it('a client that goes away is one line too, and no error of ours', async () => {
    const before = wire.lines().length;
    const socket = await open(
      wire.port,
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"a"',
    );
    await delay(20);
    socket.resetAndDestroy();
    await expect.poll(() => wire.lines().length).toBe(before + 1);
    expect(wire.lines().at(-1)).toMatchObject({ operation: 'POST /echo', status: 499, level: 'warn' });
  });

  it('is not written into the middle of another answer', async () => {
    const socket = await open(wire.port, 'GET /slow-answer HTTP/1.1\r\nHost: a\r\n\r\n');
    const all = readAll(socket);
    await once(socket, 'data');
    socket.write('nonsense\r\n\r\n');
    const text = await all;
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(text).not.toContain('MALFORMED_REQUEST');
  });
});

describe('the limits', () => {
  it('let everything else through on the same server', async () => {
    const response = await fetch(`${wire.url}/echo`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toEqual({ body: { a: 1 } });
  });

  it('answer a body that is far too large before it has arrived', async () => {
    const socket = await open(
      wire.port,
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{"a"',
    );
    const text = await readAll(socket);
    expect(text).toContain('HTTP/1.1 413 ');
    expect(text).toContain('"PAYLOAD_TOO_LARGE"');
  });

  it('stop a chunked body at the limit', async () => {
    const socket = await open(
      wire.port,
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const answer = readAll(socket);
    socket.write(`${(140_000).toString(16)}\r\n${'x'.repeat(140_000)}`);
    expect(await answer).toContain('HTTP/1.1 413 ');
  });

  it('are these when nobody says otherwise', async () => {
    const adapter = createAdapter();
    const server = adapter.getInstance().server;
    const { bodyLimit, trustProxy } = adapter.getInstance().initialConfig as {
      bodyLimit: number;
      trustProxy?: unknown;
    };
    expect({
      bodyLimit,
      trustProxy,
      requestTimeout: server.requestTimeout,
      headersTimeout: server.headersTimeout,
      keepAliveTimeout: server.keepAliveTimeout,
      // Not in the public types; Node itself checks every 30 s, which would make 15 s up to 45.
      checkedEvery: (server as unknown as { connectionsCheckingInterval: number }).connectionsCheckingInterval,
    }).toEqual({
      bodyLimit: 131_072,
      trustProxy: undefined,
      requestTimeout: 15_000,
      headersTimeout: 10_000,
      keepAliveTimeout: 75_000,
      checkedEvery: 1_000,
    });
    await adapter.close();
  });
});

describe('X-Forwarded-For', () => {
  const seen = async (trustProxy: string[]) => {
    const behind = await startWireApp({ controllers: [LimitsController], adapter: { trustProxy } });
    const response = await fetch(`${behind.url}/ip`, { headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' } });
    await behind.app.close();
    return ((await response.json()) as { ip: string }).ip;
  };
  it('is believed from a proxy on the list, up to the first address that is not', async () => {
    expect(await seen([])).toBe('127.0.0.1');
    expect(await seen(['10.0.0.0/8'])).toBe('127.0.0.1');
    expect(await seen(['127.0.0.0/8'])).toBe('198.51.100.7');
  });
});
