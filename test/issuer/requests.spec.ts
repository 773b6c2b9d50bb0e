// Weaknesses: codes that go to somebody else's address, requests without PKCE, addresses made of the Host field, flows that
// hand tokens through the browser.
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#test/harness/world.js';
import {
  authorizationUrl,
  Browser,
  call,
  finishSignIn,
  Instances,
  mobile,
  originAllowedTo,
  pkce,
  refresh,
  web,
  type Request,
} from './client.js';

let world: World;
let instances: Instances;
beforeAll(async () => {
  world = await startWorld();
  instances = new Instances([world.app]);
});
afterAll(() => world?.app.stop());

describe('discovery', () => {
  it('says what there is, whatever Host it is asked by', async () => {
    const document = await (await instances.fetch('/.well-known/openid-configuration')).json();
    expect(document).toMatchObject({
      issuer: instances.publicUrl,
      authorization_endpoint: `${instances.publicUrl}/oauth/authorize`,
      token_endpoint: `${instances.publicUrl}/oauth/token`,
      userinfo_endpoint: `${instances.publicUrl}/oauth/userinfo`,
      jwks_uri: `${instances.publicUrl}/oauth/jwks`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
    });
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect(await read('/.well-known/openid-configuration', headers)).toEqual(document);
    expect(await read('/.well-known/oauth-authorization-server', headers)).toEqual(document);
  });
  it('publishes public keys only', async () => {
    const { keys } = await read('/oauth/jwks', {});
    expect(keys).toEqual([{ ...world.app.issuer.publicJwk }]);
  });
  const read = (path: string, headers: Record<string, string>) =>
    new Promise<any>((resolve, reject) => {
      get(world.app.url + path, { headers }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve(JSON.parse(text)));
      }).on('error', reject);
    });
});

/** What a client hears, or undefined when the browser is not sent anywhere. */
async function heard(request: Request, challenge: string | undefined, more: Record<string, string> = {}) {
  const url = new URL(authorizationUrl(request, challenge ?? ''), instances.publicUrl);
  if (challenge === undefined)
    for (const name of ['code_challenge', 'code_challenge_method']) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  const { left, response } = await new Browser(instances).follow(url.href);
  const page = left ? '' : await response.text();
  const inForm = /name="error" value="(\w+)"/.exec(page)?.[1];
  const inAddress = left && (left.searchParams.get('error') ?? new URLSearchParams(left.hash.slice(1)).get('error'));
  return { error: inAddress ?? inForm, left, response, page };
}

describe('a request for a code', () => {
  it('without PKCE, or with a plain challenge, is refused', async () => {
    for (const client of [web, mobile]) {
      expect((await heard(client, undefined)).error).toBe('invalid_request');
      const plain = await heard(client, pkce().verifier, { code_challenge_method: 'plain' });
      expect(plain.error).toBe('invalid_request');
    }
  });
  it.each([
    ['token', {}],
    ['id_token', { nonce: 'n' }],
    ['code id_token', { nonce: 'n' }],
  ])('or for %s through the browser, too', async (type, more) => {
    const { error } = await heard(web, pkce().challenge, { response_type: type, ...more });
    expect(error).toMatch(/^(?:invalid_request|unsupported_response_type)$/);
  });
  it('is answered in the address alone', async () => {
    for (const mode of ['fragment', 'form_post'])
      expect((await heard(web, pkce().challenge, { response_mode: mode })).error).toBe('invalid_request');
  });
  it.each<[string, Request, string[]]>([
    [
      'the web app',
      web,
      [
        'http://localhost:5173/callback/',
        'http://localhost:5173/callback?x=1',
        'http://localhost:5173/callback#x',
        'http://localhost:5173/callback/../evil',
        'http://localhost:5173/Callback',
        'http://LOCALHOST:5173/callback',
        'http://localhost:5174/callback',
        'https://localhost:5173/callback',
        'http://localhost:5173.evil.example/callback',
        'http://localhost:5173@evil.example/callback',
        'http://user@localhost:5173/callback',
        'http://evil.example/callback',
        '//evil.example/callback',
        'javascript:alert(1)//localhost:5173/callback',
      ],
    ],
    [
      'the app',
      mobile,
      [
        'example.tandem:/callback/other',
        'example.tandem://callback',
        'EXAMPLE.tandem:/callback',
        'example.tandem.evil:/callback',
        'http://127.0.0.1:8080/other',
        'http://127.0.0.1:8080/callback?x=1',
        'http://127.0.0.1:8080@evil.example/callback',
        'http://127.0.0.1.evil.example:8080/callback',
        'http://localhost:8080/callback',
        'https://127.0.0.1:8080/callback',
        'http://[::1]:8080/callback',
      ],
    ],
  ])('sends the browser of %s nowhere that is not registered', async (_name, client, addresses) => {
    for (const redirectUri of addresses) {
      const { left, response, page } = await heard({ ...client, redirectUri }, pkce().challenge);
      expect([redirectUri, left, response.status]).toEqual([redirectUri, undefined, 400]);
      expect(page).not.toMatch(/(?:href|action|src)="(?![?/#])/);
      expect(page).toContain(response.headers.get('x-correlation-id'));
      expect(response.headers.get('content-security-policy')).toContain("form-action 'self'");
      expect(response.headers.get('x-frame-options')).toBe('DENY');
    }
  });
  it('of an app that listens on a loopback address takes any port', async () => {
    const redirectUri = 'http://127.0.0.1:51763/callback';
    const { left } = await heard({ ...mobile, redirectUri }, pkce().challenge);
    expect(left?.pathname).toMatch(/^\/sign-in\//);
  });
  it('of nobody that we know is a page in the language of the browser', async () => {
    const response = await instances.fetch(authorizationUrl({ ...web, clientId: 'nobody' }, pkce().challenge), {
      headers: { 'accept-language': 'ar' },
    });
    expect([response.status, response.headers.get('content-language')]).toEqual([400, 'ar']);
    expect(await response.text()).toContain('dir="rtl"');
  });
  it('that went wrong is told in the language that somebody chooses, from then on', async () => {
    const browser = new Browser(instances);
    const address = authorizationUrl({ ...web, clientId: 'nobody' }, pkce().challenge);
    const page = await (await browser.fetch(address)).text();
    const links = [...page.matchAll(/<a\s+href="(\?[^"]*)"\s+lang="(\w+)"/g)];
    expect(links.map(([, , lang]) => lang)).toEqual(['en', 'de', 'es', 'ar', 'ja']);
    const arabic = new URL(links[3][1].replaceAll('&amp;', '&'), new URL(address, instances.publicUrl));
    expect(arabic.searchParams.get('client_id')).toBe('nobody');
    for (const asked of [arabic.href, address])
      expect((await browser.fetch(asked)).headers.get('content-language')).toBe('ar');
    const asked = `${authorizationUrl({ ...web, clientId: 'nobody' }, '')}&ui_locales=${encodeURIComponent('fr ja')}`;
    const { headers } = await new Browser(instances).fetch(asked, { headers: { 'accept-language': 'de' } });
    expect(headers.get('content-language')).toBe('ja');
  });
  it('tells its client who answered, and nobody else what', async () => {
    const browser = new Browser(instances);
    const { left } = await browser.follow(authorizationUrl(mobile, pkce().challenge));
    const back = await browser.follow(await finishSignIn(world.app, left!, world.ids.ada));
    expect(back.left!.href).toMatch(/^example\.tandem:\/callback\?/);
    expect(back.left!.searchParams.get('iss')).toBe(instances.publicUrl);
    expect(back.left!.searchParams.get('state')).toBe('a-state');
    expect(back.response.headers.get('referrer-policy')).toBe('no-referrer');
  });
  it('of an app with a scheme of its own is not answered without somebody touching something', async () => {
    const browser = new Browser(instances);
    const { left } = await browser.follow(authorizationUrl(mobile, pkce().challenge));
    await browser.follow(await finishSignIn(world.app, left!, world.ids.ada));
    const silent = await browser.follow(authorizationUrl({ ...mobile, more: { prompt: 'none' } }, pkce().challenge));
    expect(silent.left!.searchParams.get('error')).toBe('interaction_required');
    expect((await browser.follow(authorizationUrl(mobile, pkce().challenge))).left!.pathname).toMatch(/^\/sign-in\//);
    // The web app has its address to itself.
    expect((await browser.follow(authorizationUrl(web, pkce().challenge))).left!.searchParams.get('code')).toBeTruthy();
  });
  it('of an account that was suspended asks who it is, and not for an error', async () => {
    const id = await world.makeUser();
    const browser = new Browser(instances);
    const { left } = await browser.follow(authorizationUrl(web, pkce().challenge));
    await browser.follow(await finishSignIn(world.app, left!, id));
    await world.app.database.sql(`update users set status = 'SUSPENDED' where id = $1`, [id]);
    expect((await browser.follow(authorizationUrl(web, pkce().challenge))).left!.pathname).toMatch(/^\/sign-in\//);
  });
  it('that two tabs make at once loses neither', async () => {
    const browser = new Browser(instances);
    const { left } = await browser.follow(authorizationUrl(web, pkce().challenge));
    await browser.follow(await finishSignIn(world.app, left!, world.ids.ada));
    const docs = { clientId: 'tandem-docs', redirectUri: `${instances.publicUrl}/graphiql` };
    const url = authorizationUrl({ ...docs, more: {} }, pkce().challenge);
    await Promise.all([browser.fetch(url), browser.fetch(authorizationUrl(web, pkce().challenge))]);
    const [row] = await world.app.database.sql(
      `select payload -> 'authorizations' as clients from issuer_state where model = 'Session' and account_id = $1
        order by expires_at desc limit 1`,
      [world.ids.ada],
    );
    expect(Object.keys(row.clients).toSorted()).toEqual(['tandem-docs', 'tandem-web']);
  });
});

describe('the token endpoint', () => {
  it.each(['password', 'implicit', 'urn:ietf:params:oauth:grant-type:jwt-bearer', ''])(
    'knows no grant %s',
    async (type) => {
      const { status, body, headers } = await call(instances, '/oauth/token', {
        grant_type: type,
        client_id: web.clientId,
        username: 'ada@tandem.example',
        password: 'secret',
      });
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: expect.any(String), correlationId: headers.get('x-correlation-id') });
      expect(headers.get('cache-control')).toContain('no-store');
    },
  );
  it('takes forms only, and no large ones', async () => {
    const post = (type: string, body: string) =>
      instances.fetch('/oauth/token', { method: 'POST', headers: { 'content-type': type }, body });
    expect((await post('application/json', '{"grant_type":"refresh_token"}')).status).toBe(400);
    const large = `grant_type=refresh_token&client_id=tandem-web&refresh_token=${'x'.repeat(100_000)}`;
    const form = 'application/x-www-form-urlencoded';
    const refused = await post(form, large);
    expect([refused.status, await refused.json()]).toEqual([
      413,
      {
        error: 'invalid_request',
        error_description: 'PAYLOAD_TOO_LARGE',
        correlationId: refused.headers.get('x-correlation-id'),
      },
    ]);
    // Whose length nobody has told.
    const body = new Blob([large]).stream();
    const init = { method: 'POST', headers: { 'content-type': form }, body, duplex: 'half' };
    expect((await instances.fetch('/oauth/token', init as RequestInit)).status).toBe(413);
    expect((await instances.fetch('/oauth/token')).headers.get('allow')).toBe('POST, OPTIONS');
  });
  it('is for the origins of the client alone', async () => {
    const ask = (origin: string) => refresh(instances, web.clientId, 'x', {}, { origin });
    expect((await ask('http://localhost:5173')).headers.get('access-control-allow-origin')).toBe(
      'http://localhost:5173',
    );
    const refused = await ask('http://evil.example');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, null]);
    // A sandboxed frame of whomever: the scheme of an app is no origin.
    expect(await originAllowedTo(instances, mobile.clientId, 'null')).toBeNull();
  });
});

it('what is kept holds no id that a browser or a client could show', async () => {
  const browser = new Browser(instances);
  const { left } = await browser.follow(authorizationUrl(web, pkce().challenge));
  const uid = left!.pathname.split('/')[2];
  const back = await browser.follow(await finishSignIn(world.app, left!, world.ids.ada));
  const code = back.left!.searchParams.get('code')!;
  await browser.follow(authorizationUrl({ ...web, more: { prompt: 'login' } }, pkce().challenge));
  const rows = JSON.stringify(await world.app.database.sql('select * from issuer_state'));
  for (const secret of [uid, code, ...browser.secrets]) expect(rows).not.toContain(secret);
});
