// Clients that an admin has registered, by a stock library, against two instances in turn.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SessionRetention } from '../../src/identity/sessions/session-retention.js';
import { TestApp } from '../harness/test-app.js';
import { startWorld, type World } from '../harness/world.js';
import { Instances } from '../issuer/client.js';
import { claimsOf, ClientKey, RemoteKeys } from '../issuer/keys.js';
import { Asking, StockClients, type Person, type Registered } from './stock-client.js';

const redirectUri = 'https://partner.example/in';
const afterwards = 'https://partner.example/out';
let world: World;
let second: TestApp;
let instances: Instances;
let stock: StockClients;
let ada: Person;

beforeAll(async () => {
  const env = { PUBLIC_URL: 'http://tandem.test', ROLE: 'all' };
  world = await startWorld({ env });
  second = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
  instances = new Instances([world.app, second]);
  stock = new StockClients(world, instances);
  ada = await stock.person();
});
afterAll(async () => {
  await second?.stop();
  await world?.app.stop();
});

const partner = (more: object = {}) =>
  stock.register({
    name: 'Partner',
    kind: 'WEB',
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [afterwards],
    scopes: ['openid', 'profile', 'email', 'users:read', 'users:write', 'notifications:read'],
    ...more,
  });
/** What each instance says to the token, by its code. */
async function codesOf(token: string, path = '/v1/users?limit=1'): Promise<string[]> {
  const codes: string[] = [];
  for (const { url } of instances.all) {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    codes.push(answer.ok ? 'OK' : ((await answer.json()) as { error: { code: string } }).error.code);
  }
  return codes;
}
/** Within two seconds on every instance; some more are for a machine that is busy. */
async function expectEverywhere(token: string, code: string) {
  await expect.poll(() => codesOf(token), { timeout: 10_000, interval: 50 }).toEqual([code, code]);
}

/** What the token endpoint has refused with: in the body, or in a challenge to whoever has used the header (RFC 6749 §5.2). */
async function refusalOf(asked: Promise<unknown>): Promise<unknown[]> {
  const failed = (await asked.catch((error: unknown) => error)) as {
    status: number;
    error?: string;
    cause: { scheme: string; parameters: { error: string } }[];
  };
  const challenge = failed instanceof oidc.WWWAuthenticateChallengeError ? failed.cause[0] : undefined;
  expect(challenge?.scheme ?? 'basic').toBe('basic');
  return [failed.status, challenge?.parameters.error ?? failed.error];
}
const unknownClient = [401, 'invalid_client'];
/** Signs in with a new browser, agrees, and redeems the code. */
async function signedIn(config: oidc.Configuration, scope = 'openid users:read', browser = stock.browser()) {
  const asking = new Asking(config, redirectUri, scope);
  const consent = await stock.enter(browser, await browser.get(await asking.address()), ada);
  if (!browser.left) await browser.submit(consent, {}, '/consent');
  return { browser, tokens: await asking.redeem(browser.left!) };
}

describe('consent to a registered app', () => {
  const lines = (html: string) => [...html.matchAll(/<li>([^<]+)<\/li>/g)].map(([, text]) => text);

  it('is asked for once, and again for what is more', async () => {
    const config = await stock.config((await partner()).clientId);
    const browser = stock.browser();
    const ask = async (scope: string) => {
      browser.left = undefined;
      const asking = new Asking(config, redirectUri, scope);
      return { asking, page: await browser.get(await asking.address()) };
    };
    const first = await ask('openid email users:read');
    const consent = await stock.enter(browser, first.page, ada);
    expect(consent.title).toContain('Allow access?');
    expect(consent.text).toContain(`Partner wants to do this with your account ${ada.email}`);
    const away = 'do so while you are away, until you end it';
    expect(lines(consent.html)).toEqual(['see your e-mail address', 'see: accounts', away]);
    await browser.submit(consent, {}, '/consent');
    const tokens = await first.asking.redeem(browser.left!);
    expect(tokens.scope?.split(' ').toSorted()).toEqual(['email', 'openid', 'users:read']);
    expect(tokens.claims()).toMatchObject({ sub: ada.id, email: ada.email });

    const again = await ask('openid email users:read');
    expect((await again.asking.redeem(browser.left!)).claims()).toMatchObject({ sub: ada.id });
    const less = await ask('openid users:read');
    expect((await less.asking.redeem(browser.left!)).scope).toBe('openid users:read');

    const wider = await ask('openid email users:read notifications:read');
    expect(browser.left).toBeUndefined();
    expect(lines(wider.page.html)).toEqual(['see: notifications', away]);
    await browser.submit(wider.page, {}, '/consent');
    expect((await wider.asking.redeem(browser.left!)).scope).toContain('notifications:read');
    const both = await ask('openid notifications:read email users:read');
    expect((await both.asking.redeem(browser.left!)).scope).toContain('users:read');
  });
  it('that somebody refuses is an error to the app, and gives it nothing', async () => {
    const config = await stock.config((await partner()).clientId);
    const browser = stock.browser();
    const asking = new Asking(config, redirectUri, 'openid users:read');
    const consent = await stock.enter(browser, await browser.get(await asking.address()), ada);
    await browser.submit(consent, {}, '/cancel');
    await expect(asking.redeem(browser.left!)).rejects.toMatchObject({ error: 'access_denied' });
    browser.left = undefined;
    const again = await browser.get(await new Asking(config, redirectUri, 'openid users:read').address());
    expect(again.title).toContain('Allow access?');
  });
  it('is not asked for what the app is not registered for', async () => {
    const config = await stock.config((await partner({ scopes: ['openid', 'users:read'] })).clientId);
    const browser = stock.browser();
    for (const scope of ['openid profile', 'openid users:write', 'openid uses:read']) {
      const asking = new Asking(config, redirectUri, scope);
      await browser.get(await asking.address());
      await expect(asking.redeem(browser.left!), scope).rejects.toMatchObject({ error: 'invalid_scope' });
    }
  });
  it('in one browser is no consent in another one of somebody else', async () => {
    const config = await stock.config((await partner()).clientId);
    const { tokens } = await signedIn(config);
    expect(claimsOf(tokens.access_token)).toMatchObject({ scope: 'openid users:read', sub: ada.id });
    const [browser, grace] = [stock.browser(), await stock.person()];
    const page = await browser.get(await new Asking(config, redirectUri, 'openid users:read').address());
    expect((await stock.enter(browser, page, grace)).title).toContain('Allow access?');
  });
});

describe('an app that keeps a secret', () => {
  it('is known by it, by the one before it for a while, and by none when it has none', async () => {
    const client = await partner({ authMethod: 'CLIENT_SECRET' });
    const old = await stock.newSecret(client);
    const config = await stock.config(client.clientId, oidc.ClientSecretPost(old));
    const { tokens } = await signedIn(config);
    const fresh = await stock.newSecret(client);
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token!);
    const next = await stock.config(client.clientId, oidc.ClientSecretBasic(fresh));
    const more = await oidc.refreshTokenGrant(next, renewed.refresh_token!);
    expect(await oidc.tokenIntrospection(next, more.refresh_token!)).toMatchObject({ active: true, sub: ada.id });

    const last = await stock.newSecret(client, { keepPreviousForHours: 0 });
    const stranger = await stock.config(client.clientId);
    for (const outdated of [config, next, stranger])
      expect(await refusalOf(oidc.refreshTokenGrant(outdated, more.refresh_token!))).toEqual(unknownClient);
    // Whoever does not prove to be the client does not harm it either.
    const now = await stock.config(client.clientId, oidc.ClientSecretBasic(last));
    expect((await oidc.refreshTokenGrant(now, more.refresh_token!)).access_token).toBeTruthy();
  });
});

describe('an app that is disabled', () => {
  it('gets nothing more from any endpoint, and what it has ends', async () => {
    const client = await partner();
    const config = await stock.config(client.clientId);
    const { browser, tokens } = await signedIn(config);
    const halfway = new Asking(config, redirectUri, 'openid users:read notifications:read');
    const consent = await browser.get(await halfway.address());
    expect(consent.title).toContain('Allow access?');
    const late = new Asking(config, redirectUri, 'openid users:read');
    browser.left = undefined;
    await browser.get(await late.address());
    expect(browser.left).toBeDefined();
    const code = browser.left!;
    await expectEverywhere(tokens.access_token, 'OK');

    await stock.disable(client);
    const refused = { error: 'invalid_client' };
    const asking = new Asking(config, redirectUri, 'openid users:read');
    browser.left = undefined;
    const page = await browser.get(await asking.address());
    expect([page.status, browser.left]).toEqual([400, undefined]);
    expect(page.text).toContain('We do not know the app that has sent you here');
    const { refresh_token: token = '' } = tokens;
    await expect(oidc.buildAuthorizationUrlWithPAR(config, await asking.parameters())).rejects.toMatchObject(refused);
    await expect(late.redeem(code)).rejects.toMatchObject(refused);
    await expect(oidc.refreshTokenGrant(config, token)).rejects.toMatchObject(refused);
    await expect(oidc.tokenIntrospection(config, token)).rejects.toMatchObject(refused);
    await expect(oidc.tokenRevocation(config, token)).rejects.toMatchObject(refused);
    await browser.submit(consent, {}, '/consent');
    expect(browser.left).toBeUndefined();
    await expectEverywhere(tokens.access_token, 'CLIENT_DISABLED');
    // The job that ends its sessions.
    await expect
      .poll(() => world.app.database.sql('select end_reason from sessions where client_id = $1', [client.clientId]), {
        timeout: 30_000,
      })
      .toEqual([{ end_reason: 'CLIENT_DISABLED' }]);

    expect((await stock.admin.post(`/v1/clients/${client.id}/enable`)).status).toBe(200);
    await expectEverywhere(tokens.access_token, 'TOKEN_INVALID');
    await expect(oidc.refreshTokenGrant(config, token)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(late.redeem(code)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await signedIn(config)).tokens.access_token).toBeTruthy();
  });
});

describe('a service', () => {
  const service = (more: object = {}) =>
    stock.register({ name: 'Invoices', kind: 'SERVICE', roles: ['support'], scopes: ['users:read'], ...more });
  async function expectToWork(config: oidc.Configuration, clientId: string) {
    const tokens = await oidc.clientCredentialsGrant(config);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'users:read', expires_in: 600 });
    expect(tokens.refresh_token).toBeUndefined();
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: clientId, client_id: clientId });
    for (let turn = 0; turn < 2; turn++) {
      const users = new URL(`${instances.publicUrl}/v1/users?limit=1`);
      expect((await oidc.fetchProtectedResource(config, tokens.access_token, users, 'GET')).status).toBe(200);
    }
    return tokens;
  }
  it.each([
    ['header', oidc.ClientSecretBasic],
    ['body', oidc.ClientSecretPost],
  ])('shows its secret in the %s', async (_place, method) => {
    const client = await service();
    const config = await stock.config(client.clientId, method(await stock.newSecret(client)));
    await expectToWork(config, client.clientId);
    const wrong = await stock.config(client.clientId, method('x'.repeat(43)));
    expect(await refusalOf(oidc.clientCredentialsGrant(wrong))).toEqual(unknownClient);
  });
  it.each(['ES256', 'EdDSA', 'RS256', 'PS256'])('signs an assertion with %s, which counts once', async (alg) => {
    const key = await ClientKey.create(alg);
    const client = await service({ authMethod: 'PRIVATE_KEY_JWT', jwks: { keys: [key.publicJwk] } });
    const { clientId } = client;
    const sign = oidc.PrivateKeyJwt({ key: key.privateKey, kid: key.kid });
    const shown: string[] = [];
    const authentication: oidc.ClientAuth = async (as, about, body, headers) => {
      // Typed as if it were done at once.
      await (sign(as, about, body, headers) as unknown as Promise<void>);
      shown.push(body.get('client_assertion')!);
    };
    await expectToWork(await stock.config(clientId, authentication), clientId);

    const show = async (assertion: string) => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
      const answer = await instances.fetch('/oauth/token', { method: 'POST', body });
      return [answer.status, ((await answer.json()) as { error?: string }).error];
    };
    const now = Math.floor(Date.now() / 1000);
    const signed = (claims = {}, by = key) => by.assertion(clientId, instances.publicUrl, claims);
    expect(await show(await signed())).toEqual([200, undefined]);
    const other = await ClientKey.create(alg);
    for (const [what, assertion] of [
      ['a replayed one', shown[0]],
      ['for somebody else', await signed({ aud: 'https://evil.example' })],
      ['expired', await signed({ iat: now - 600, exp: now - 300 })],
      ['without an end', await signed({ exp: undefined })],
      ['without an id', await signed({ jti: undefined })],
      ['of another client', await signed({ iss: 'app-other' })],
      ['signed by another key', await signed({}, other)],
    ])
      expect([what, ...(await show(assertion))]).toEqual([what, 401, 'invalid_client']);
    const raced = await signed();
    const answers = await Promise.all(Array.from({ length: 10 }, () => show(raced)));
    expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
  });
  it('is given some of what it asks for, or told that it has none of it', async () => {
    const client = await service({ scopes: ['users:read', 'audit-entries:read'] });
    const config = await stock.config(client.clientId, oidc.ClientSecretBasic(await stock.newSecret(client)));
    const ask = (scope?: string) => oidc.clientCredentialsGrant(config, scope === undefined ? {} : { scope });
    expect((await ask()).scope?.split(' ').toSorted()).toEqual(['audit-entries:read', 'users:read']);
    expect((await ask('users:read users:write')).scope).toBe('users:read');
    for (const scope of ['users:write', 'api', 'openid', 'nothing:known', 'users:write openid'])
      await expect(ask(scope), scope).rejects.toMatchObject({ error: 'invalid_scope' });
  });
  it('whose token lacks a scope is told which', async () => {
    const client = await service({ roles: ['admin'] });
    const config = await stock.config(client.clientId, oidc.ClientSecretBasic(await stock.newSecret(client)));
    const { access_token: token } = await oidc.clientCredentialsGrant(config);
    for (let turn = 0; turn < 2; turn++) {
      const asked = oidc.fetchProtectedResource(
        config,
        token,
        new URL(`${instances.publicUrl}/v1/roles?limit=1`),
        'GET',
      );
      const failed = await asked.catch((error: unknown) => error);
      expect(failed).toMatchObject({
        cause: [{ scheme: 'bearer', parameters: { error: 'insufficient_scope', scope: 'roles:read' } }],
      });
      const { response } = failed as oidc.WWWAuthenticateChallengeError;
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: 'INSUFFICIENT_SCOPE' } });
    }
  });
  it('that is disabled gets none, and its token counts no more', async () => {
    const client = await service();
    const config = await stock.config(client.clientId, oidc.ClientSecretBasic(await stock.newSecret(client)));
    const { access_token: token } = await expectToWork(config, client.clientId);
    await stock.disable(client);
    await expectEverywhere(token, 'CLIENT_DISABLED');
    expect(await refusalOf(oidc.clientCredentialsGrant(config))).toEqual(unknownClient);
  });
});

describe('signing out at the service', () => {
  const address = (config: oidc.Configuration, more: Record<string, string>) =>
    oidc.buildEndSessionUrl(config, more).href;

  it('ends the tokens at once and everywhere, and leads back', async () => {
    const config = await stock.config((await partner()).clientId);
    const { browser, tokens } = await signedIn(config);
    const other = await signedIn(config);
    await expectEverywhere(tokens.access_token, 'OK');
    browser.left = undefined;
    const parameters = { id_token_hint: tokens.id_token!, post_logout_redirect_uri: afterwards, state: 'bye' };
    const asked = await browser.get(address(config, parameters));
    expect(asked.text).toContain('Partner asks to sign you out in this browser.');
    await expectEverywhere(tokens.access_token, 'OK');
    await browser.submit(asked, { logout: 'yes' }, '/confirm');
    expect(browser.left!.href).toBe(`${afterwards}?state=bye`);
    for (let turn = 0; turn < 2; turn++)
      await expect(oidc.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    await expectEverywhere(tokens.access_token, 'TOKEN_INVALID');
    browser.left = undefined;
    const next = await browser.get(await new Asking(config, redirectUri, 'openid').address());
    expect(next.title).toContain('Sign in');
    // The one in another browser goes on.
    expect((await oidc.refreshTokenGrant(config, other.tokens.refresh_token!)).access_token).toBeTruthy();
  });
  it('leads to registered addresses only, letter by letter', async () => {
    const config = await stock.config((await partner()).clientId);
    const { browser, tokens } = await signedIn(config);
    for (const wrong of [
      `${afterwards}/`,
      `${afterwards}?x=1`,
      'https://partner.example/',
      'https://PARTNER.example/out',
    ]) {
      browser.left = undefined;
      const hint = { id_token_hint: tokens.id_token!, post_logout_redirect_uri: wrong };
      const page = await browser.get(address(config, hint));
      expect([wrong, page.status, browser.left]).toEqual([wrong, 400, undefined]);
    }
    // Without a client nobody knows whose address it would be.
    const page = await browser.get(`/oauth/logout?post_logout_redirect_uri=${encodeURIComponent(afterwards)}`);
    await browser.submit(page, { logout: 'yes' }, '/confirm');
    expect(browser.left).toBeUndefined();
  });
});

describe('an app that wants to know of the end of sessions', () => {
  let receiver: Server;
  let received: { path: string; token: string }[] = [];
  /** Of the next answers; then 200. */
  let answers: { status: number; headers?: Record<string, string> }[] = [];
  let client: Registered;
  let config: oidc.Configuration;
  let home: string;
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        received.push({ path: request.url!, token: new URLSearchParams(body).get('logout_token') ?? '' });
        const { status, headers } = answers.shift() ?? { status: 200 };
        response.writeHead(status, headers).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    home = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    client = await partner({ backchannelLogoutUri: 'https://partner.example/backchannel' });
    // What may be registered is a public https address, and the receiver has none.
    await world.app.database.sql('update clients set backchannel_logout_uri = $2 where id = $1', [
      client.id,
      `${home}/backchannel`,
    ]);
    config = await stock.config(client.clientId);
  });
  afterAll(() => receiver?.close());
  beforeEach(() => {
    received = [];
    answers = [];
  });
  async function arrived(count: number) {
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(count);
  }
  const verified = (token: string) =>
    new RemoteKeys(instances).verify(token, {
      audience: client.clientId,
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti', 'sub', 'sid', 'events'],
    });

  it('is told by a signed token when somebody signs out', async () => {
    const { browser, tokens } = await signedIn(config);
    const asked = await browser.get(oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token! }).href);
    await browser.submit(asked, { logout: 'yes' }, '/confirm');
    await arrived(1);
    const payload = await verified(received[0].token);
    expect(payload).toMatchObject({
      sub: ada.id,
      sid: tokens.claims()!.sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload.nonce).toBeUndefined();
  });
  it('is asked again when it redirects, and nobody else is', async () => {
    answers = [{ status: 302, headers: { location: `${home}/elsewhere` } }, { status: 307 }];
    const { tokens } = await signedIn(config);
    await oidc.tokenRevocation(config, tokens.refresh_token!);
    await arrived(3);
    expect(received.map(({ path }) => path)).toEqual(['/backchannel', '/backchannel', '/backchannel']);
    expect((await verified(received[2].token)).sid).toBe(tokens.claims()!.sid);
  }, 90_000);
  it('is not told of what was not used for so long that it is over', async () => {
    const { tokens } = await signedIn(config);
    const sid = tokens.claims()!.sid as string;
    const { database, app } = world.app;
    await database.sql(`update sessions set expires_at = now() - interval '1 s' where id = $1`, [sid]);
    await app.get(SessionRetention).tidy();
    expect(await database.sql('select end_reason from sessions where id = $1', [sid])).toEqual([
      { end_reason: 'EXPIRED' },
    ]);
    const notices = await database.sql(
      `select 1 from jobs.job where name = 'issuer.logout-notice' and data -> 'payload' ->> 'id' = $1`,
      [sid],
    );
    expect(notices).toEqual([]);
  });
});
