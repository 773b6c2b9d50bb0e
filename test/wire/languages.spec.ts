import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApp } from '#test/harness/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({ env: { CORS_ORIGINS: 'https://app.example.com' } });
});
afterAll(() => app.stop());

const names = (value: string | null) => (value ?? '').toLowerCase().split(', ').sort();
const cases: [string, string, string][] = [
  ['es-MX,es;q=0.9', 'es', 'Por favor, inicie sesión.'],
  ['ar-EG', 'ar', 'يرجى تسجيل الدخول.'],
  ['ja-JP, en;q=0.5', 'ja', 'ログインしてください。'],
  ['de-AT', 'de', 'Bitte melden Sie sich an.'],
  ['zh-CN', 'en', 'Please sign in.'],
];

describe.each(cases)('a client that asks for %s', (accept, language, text) => {
  const headers = { 'accept-language': accept };
  it(`reads the errors of REST in ${language}`, async () => {
    const { status, body, headers: sent } = await app.anonymous.get('/v1/users', headers);
    expect([status, body.error.message]).toEqual([401, text]);
    expect([sent.get('content-language'), names(sent.get('vary'))]).toEqual([
      language,
      ['accept', 'accept-encoding', 'accept-language', 'origin'],
    ]);
  });
  it(`reads the errors of GraphQL in ${language}`, async () => {
    const { errors, headers: sent } = await app.anonymous.graphql('{ users { nodes { id } } }', {}, headers);
    expect(errors[0].message).toBe(text);
    expect([sent.get('content-language'), names(sent.get('vary'))]).toEqual([
      language,
      ['accept', 'accept-encoding', 'accept-language', 'origin'],
    ]);
  });
  it('reads everything else as everybody does', async () => {
    const { headers: rest } = await app.anonymous.get('/schema.graphql', headers);
    const { headers: graphql } = await app.anonymous.graphql('{ __typename }', {}, headers);
    for (const sent of [rest, graphql]) {
      expect(sent.has('content-language')).toBe(false);
      expect(names(sent.get('vary'))).not.toContain('accept-language');
    }
  });
});
