import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createContext, currentContext, currentLocale, preferLocale, runInContext } from './request-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('createContext', () => {
  it('makes ids where the client has none, and both from one', () => {
    const context = createContext('GET /');
    expect(context.correlationId).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(context.traceId).toBe(context.correlationId.replaceAll('-', ''));
    expect(createContext('GET /').correlationId).not.toBe(context.correlationId);
  });
  it.each(['a', 'A-b_c.d:9', 'x'.repeat(128)])('accepts the correlation id %s', (id) => {
    const context = createContext('', { 'x-correlation-id': id });
    expect(context.correlationId).toBe(id);
    expect(context.traceId).toMatch(/^[0-9a-f]{32}$/);
  });
  it.each(['', 'x'.repeat(129), 'a b', 'a\r\nb', 'é', '<script>', '"', ['a', 'b']])('replaces %j', (id) => {
    expect(createContext('', { 'x-correlation-id': id }).correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });
  it.each([
    `00-${TRACE}-00f067aa0ba902b7-01`,
    `cc-${TRACE}-00f067aa0ba902b7-01`,
    `cc-${TRACE}-00f067aa0ba902b7-01-more`,
  ])('accepts the traceparent %s', (traceparent) =>
    expect(createContext('', { traceparent })).toMatchObject({ traceId: TRACE, traceparent }),
  );
  it.each([
    `00-${TRACE}-00f067aa0ba902b7-01-more`,
    `00-${TRACE}-00f067aa0ba902b7-01-`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-0000000000000000-01`,
    `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${TRACE}-00f067aa0ba902b7`,
    TRACE,
    '',
  ])('ignores the traceparent %s', (traceparent) => {
    const context = createContext('', { traceparent });
    expect(context.traceparent).toBeUndefined();
    expect(context.traceId).not.toContain(TRACE);
  });
  it('keeps a well-formed platform and version only', () => {
    const good = createContext('', { 'x-client-platform': 'ios', 'x-client-version': '4.2.0-beta+7' });
    expect(good).toMatchObject({ clientPlatform: 'ios', clientVersion: '4.2.0-beta+7' });
    const bad = createContext('', { 'x-client-platform': 'a\u0000', 'x-client-version': '1'.repeat(33) });
    expect([bad.clientPlatform, bad.clientVersion]).toEqual([undefined, undefined]);
  });
});

describe('the language of the account', () => {
  it.each([
    [undefined, 'de'],
    ['*', 'de'],
    ['xx, yy;q=0.5', 'de'],
    ['en', 'en'],
    ['xx, en;q=0.1', 'en'],
  ])('answers where the request asks for none of ours: %s is %s', (header, expected) => {
    const context = createContext('', { 'accept-language': header });
    preferLocale(context, 'de');
    expect(context.locale).toBe(expected);
  });
});

describe('runInContext', () => {
  it('is seen by everything that the run starts, and by nothing else', async () => {
    const seen = await Promise.all(
      ['en', 'de'].map((locale) =>
        runInContext(createContext(locale, { 'accept-language': locale }), async () => {
          await delay(1);
          return [currentContext()?.operation, await Promise.resolve().then(currentLocale)];
        }),
      ),
    );
    expect(seen).toEqual([
      ['en', 'en'],
      ['de', 'de'],
    ]);
    expect(currentContext()).toBeUndefined();
    expect(currentLocale()).toBe('en');
  });
});
