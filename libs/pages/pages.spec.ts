import { fastify, type FastifyInstance } from 'fastify';
import { CookieJar } from 'tough-cookie';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '#libs/config/config.js';
import { createContext } from '#libs/context/request-context.js';
import { html } from '#libs/http/html.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { Pages } from './pages.js';
import { SignedValues } from './signed-values.js';

const origin = 'http://localhost:3000';
const form = 'application/x-www-form-urlencoded';

describe('pages', () => {
  let server: FastifyInstance;
  let owner = 'ada';
  let opened = true;
  beforeAll(async () => {
    server = fastify();
    server.decorate('edge', { headers: {}, draining: false });
    server.decorateRequest('requestContext');
    server.addHook('onRequest', (request, _reply, done) => {
      request.requestContext = createContext('test', request.headers);
      done();
    });
    const signed = new SignedValues(new Secrets({ encryptionKeys: [Buffer.alloc(32, 'key')] }));
    const pages = new Pages({ http: { publicUrl: origin } } as Config, signed);
    pages.open.get('/form', (visit) => {
      visit.formsLeadTo = 'https://app.example/cb';
      return visit.show({
        title: '<Title>',
        body: visit.formTo('/form?a=1', html`<input name="name" value="${'"'}" />`),
      });
    });
    pages.open.post('/form', (visit) => visit.redirect(`/done?name=${visit.form.line('name')}`));
    const own = pages.behind((visit) => {
      if (opened) return Promise.resolve({ opened: owner, boundTo: owner });
      visit.redirect('/elsewhere');
      return Promise.resolve(undefined);
    });
    own.get('/own', (visit) => visit.show({ title: 'Own', body: visit.formTo('/own', html``) }));
    own.post('/own', (visit, who) => visit.redirect(`/${who}`));
    pages.open.get('/broken', () => {
      throw new Error('secret reason');
    });
    pages.install(server);
    await server.ready();
  });
  afterAll(() => server.close());

  async function browse() {
    const jar = new CookieJar();
    const send = async (
      method: 'GET' | 'POST',
      url: string,
      payload?: string,
      headers: Record<string, string> = {},
    ) => {
      const cookie = await jar.getCookieString(origin + url);
      const answer = await server.inject({
        method,
        url,
        payload,
        headers: { ...(cookie && { cookie }), ...(payload !== undefined && { 'content-type': form }), ...headers },
      });
      for (const set of [answer.headers['set-cookie'] ?? []].flat()) await jar.setCookie(set, origin + url);
      return answer;
    };
    const tokenAt = async (url: string) => /name="_token" value="([^"]+)"/.exec((await send('GET', url)).body)![1];
    return { send, tokenAt };
  }

  it('escape what they show and forbid what is not theirs', async () => {
    const { send } = await browse();
    const { headers, body, statusCode } = await send('GET', '/form');
    expect(statusCode).toBe(200);
    expect(body).toContain('<title>&lt;Title&gt; · Tandem</title>');
    expect(body).toContain('value="&quot;"');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'content-type': 'text/html; charset=utf-8',
      'content-language': 'en',
    });
    const policy = String(headers['content-security-policy']).split(';');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' https://app.example");
    expect(body).not.toMatch(/<script>|style=|onclick=/);
  });
  it('take a form with its token, whatever stands in the query', async () => {
    const { send, tokenAt } = await browse();
    const token = await tokenAt('/form');
    const answer = await send('POST', '/form?a=1', `_token=${token}&name=+Ada+`, { origin });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/done?name=Ada']);
  });
  it('refuse a form without token or cookie, from elsewhere, or of another path, browser or owner', async () => {
    const { send, tokenAt } = await browse();
    const token = await tokenAt('/form');
    const stranger = await browse();
    const foreign = await stranger.tokenAt('/form');
    const own = await tokenAt('/own');
    for (const [answer, why] of [
      [await send('POST', '/form', 'name=x'), 'no token'],
      [await send('POST', '/form', `_token=${foreign}`), 'of another browser'],
      [await send('POST', '/form', `_token=${own}`), 'of another path'],
      [await (await browse()).send('POST', '/form', `_token=${token}`), 'no cookie'],
      [await send('POST', '/form', `_token=${token}`, { origin: 'https://evil.example' }), 'of another origin'],
      [await send('POST', '/form', `_token=${token}`, { origin: 'null' }), 'of a hidden origin'],
      [await send('POST', '/form', `_token=${token}`, { 'sec-fetch-site': 'cross-site' }), 'of another site'],
    ] as const) {
      expect(answer.statusCode, why).toBe(403);
      expect(answer.body, why).toContain('no longer valid');
    }
    owner = 'grace';
    expect((await send('POST', '/own', `_token=${own}`)).statusCode).toBe(403);
    owner = 'ada';
    expect((await send('POST', '/own', `_token=${own}`)).headers.location).toBe('/ada');
  });
  it('do nothing where their gate is closed', async () => {
    const { send, tokenAt } = await browse();
    const token = await tokenAt('/own');
    opened = false;
    expect((await send('POST', '/own', `_token=${token}`)).headers.location).toBe('/elsewhere');
    opened = true;
  });
  it('take nothing but small forms of text', async () => {
    const { send } = await browse();
    expect((await send('POST', '/form', `name=${'x'.repeat(17_000)}`)).statusCode).toBe(413);
    expect((await send('POST', '/form', 'name=a%00b')).statusCode).toBe(400);
    expect((await send('POST', '/form', '{}', { 'content-type': 'application/json' })).statusCode).toBe(415);
  });
  it('speak the language that was chosen, else the one of the browser', async () => {
    const { send } = await browse();
    const german = { 'accept-language': 'de' };
    expect((await send('GET', '/form', undefined, german)).body).toContain('<html lang="de" dir="ltr">');
    const chosen = await send('GET', '/form?x=1&lang=ar', undefined, german);
    expect([chosen.statusCode, chosen.headers.location]).toEqual([303, '/form?x=1']);
    const { body, headers } = await send('GET', '/form?x=1', undefined, german);
    expect(body).toContain('<html lang="ar" dir="rtl">');
    expect(body).toContain('href="?x=1&amp;lang=ja"');
    expect(headers['content-language']).toBe('ar');
  });
  it('show what broke by its reference and nothing else', async () => {
    const { send } = await browse();
    const answer = await send('GET', '/broken', undefined, { 'x-correlation-id': 'abc-123', 'accept-language': 'es' });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).toContain('Referencia: abc-123');
    expect(answer.body).not.toContain('secret reason');
  });
  it('serve their files for ever', async () => {
    const { send } = await browse();
    const { body } = await send('GET', '/form');
    for (const [, path] of body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const file = await send('GET', path);
      expect([path, file.statusCode, file.headers['cache-control']]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
    expect((await send('GET', '/assets/pages-0/pages.css')).statusCode).not.toBe(200);
  });
});
