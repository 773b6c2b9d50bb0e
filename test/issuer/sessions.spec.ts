// Weaknesses: sessions that go on after somebody has ended them, or that end what they should not.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import { IssuerState } from '#libs/oidc/issuer-state.js';
import { Sessions } from '#libs/oidc/sessions.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';
import { Browser, call, Instances, me, mobile, refresh, signIn, web, type Tokens } from './client.js';
import { ProofKey } from './proofs.js';

let world: World;
let second: TestApp;
let instances: Instances;
beforeAll(async () => {
  world = await startWorld();
  second = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
  instances = new Instances([world.app, second]);
});
afterAll(async () => {
  await second?.stop();
  await world?.app.stop();
});
const sessionOf = async ({ access_token: token }: Tokens) => {
  const id = decodeJwt(token).gid as string;
  const [row] = await world.app.database.sql('select * from sessions where id = $1', [id]);
  return row;
};
/** On each instance the tokens are refused within two seconds; some more are for a machine that is busy. */
async function expectOver({ access_token: token, refresh_token: renewing }: Tokens, clientId: string) {
  for (const one of instances.all)
    await expect.poll(async () => (await me(new Instances([one]), token)).status, { timeout: 10_000 }).toBe(401);
  expect((await refresh(instances, clientId, renewing)).body).toMatchObject({ error: 'invalid_grant' });
}
async function expectOn({ access_token: token, refresh_token: renewing }: Tokens, clientId: string): Promise<Tokens> {
  expect((await me(instances, token)).status).toBe(200);
  const answer = await refresh(instances, clientId, renewing);
  expect(answer.status).toBe(200);
  return answer.body;
}

describe('a session', () => {
  it('is a grant with a device, and every refresh is seen', async () => {
    const headers = { 'user-agent': 'TandemApp/3.2 (Android 14; Pixel 8)' };
    const tokens = await signIn(new Browser(instances), world.ids.ada, mobile, headers);
    expect(await sessionOf(tokens)).toMatchObject({
      user_id: world.ids.ada,
      client_id: 'tandem-mobile',
      device: 'TandemApp · Android',
      ip: '127.0.0.1',
      ended_at: null,
    });
    await world.app.database.sql(`update sessions set last_seen_at = now() - interval '1 day'`);
    const { body } = await refresh(instances, mobile.clientId, tokens.refresh_token);
    const seen = await sessionOf(body);
    expect(Date.now() - seen.last_seen_at.getTime()).toBeLessThan(60_000);
    expect(seen.id).toBe((await sessionOf(tokens)).id);
  });
  it('costs no statement a request', async () => {
    const tokens = await signIn(new Browser(instances), world.ids.ada, mobile);
    const one = new Instances([world.app]);
    await me(one, tokens.access_token);
    const issued = await world.app.as('ada', world.ids.ada);
    await issued.get('/v1/users/me');
    const plain = await world.app.statements(() => issued.get('/v1/users/me'));
    expect(await world.app.statements(() => me(one, tokens.access_token))).toBe(plain);
  });
  it('ends when its client revokes it, and no other does', async () => {
    const [tokens, other] = [
      await signIn(new Browser(instances), world.ids.ada, mobile),
      await signIn(new Browser(instances), world.ids.ada, mobile),
    ];
    const revoke = (clientId: string) =>
      call(instances, '/oauth/revoke', { token: tokens.refresh_token, client_id: clientId });
    expect((await revoke(web.clientId)).status).toBe(200);
    const renewed = await expectOn(tokens, mobile.clientId);
    const answer = await call(instances, '/oauth/revoke', { token: renewed.refresh_token, client_id: mobile.clientId });
    expect(answer.status).toBe(200);
    await expectOver(renewed, mobile.clientId);
    expect(await sessionOf(renewed)).toMatchObject({ end_reason: 'REVOKED' });
    await expectOn(other, mobile.clientId);
  });
  it('is introspected by its own client', async () => {
    const { refresh_token: token } = await signIn(new Browser(instances), world.ids.ada, mobile);
    const ask = async (clientId: string, what: string) =>
      (await call(instances, '/oauth/introspect', { token: what, client_id: clientId })).body;
    expect(await ask(mobile.clientId, token)).toMatchObject({ active: true, sub: world.ids.ada });
    expect(await ask(web.clientId, token)).toEqual({ active: false });
    expect(await ask(mobile.clientId, 'x'.repeat(43))).toEqual({ active: false });
  });
  it('of an account all end at once, with what its browsers have', async () => {
    const id = await world.makeUser();
    const browser = new Browser(instances);
    const [kept, ...ended] = [
      await signIn(new Browser(instances), id, mobile),
      await signIn(browser, id, web),
      await signIn(new Browser(instances), id, mobile),
    ];
    const { app } = world.app;
    const sessions = app.get(Sessions);
    await app
      .get(Database)
      .transaction((em) =>
        sessions.endAll(em, id, 'PASSWORD_CHANGED', { session: decodeJwt(kept.access_token).gid as string }),
      );
    await sessions.afterwards();
    for (const { access_token: token } of ended) expect((await me(new Instances([world.app]), token)).status).toBe(401);
    await expectOver(ended[0], web.clientId);
    await expectOver(ended[1], mobile.clientId);
    await expectOn(kept, mobile.clientId);
    const { left } = await browser.follow(
      `/oauth/authorize?client_id=tandem-web&prompt=none&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(web.redirectUri)}&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`,
    );
    expect(left!.searchParams.get('error')).toBe('login_required');
  });
  it('that was rolled back has not ended', async () => {
    const tokens = await signIn(new Browser(instances), world.ids.ada, mobile);
    const { app } = world.app;
    await app
      .get(Database)
      .transaction(async (em) => {
        await app.get(Sessions).end(em, [decodeJwt(tokens.access_token).gid as string], 'REVOKED');
        throw new Error('no');
      })
      .catch(() => undefined);
    await app.get(Sessions).afterwards();
    expect(await sessionOf(tokens)).toMatchObject({ ended_at: null });
    await expectOn(tokens, mobile.clientId);
  });
});

it('suspending somebody ends their sessions for good', async () => {
  const id = await world.makeUser();
  const tokens = await signIn(new Browser(instances), id, mobile);
  const admin = await world.app.as('admin', world.ids.admin);
  expect((await admin.post(`/v1/users/${id}/suspend`, {})).status).toBe(200);
  expect(await sessionOf(tokens)).toMatchObject({ end_reason: 'SUSPENDED' });
  expect((await admin.post(`/v1/users/${id}/reactivate`)).status).toBe(200);
  await expectOver(tokens, mobile.clientId);
});
it('what has expired is deleted, and nothing else', async () => {
  const tokens = await signIn(new Browser(instances), world.ids.ada, mobile);
  const left = `select count(*)::int from issuer_state where expires_at < now()`;
  await world.app.database.sql(
    `update issuer_state set expires_at = now() - interval '1 s' where model = 'Interaction'`,
  );
  await world.app.database.sql(
    `insert into issuer_state (model, id, payload, expires_at) select 'Interaction', n::text, '{}', now() from generate_series(1, 6000) n`,
  );
  expect(await world.app.app.get(IssuerState).purge()).toBeGreaterThanOrEqual(6000);
  expect(await world.app.database.sql(left)).toEqual([{ count: 0 }]);
  await expectOn(tokens, mobile.clientId);
});

describe('signing out in the browser', () => {
  async function signOut(browser: Browser, tokens: Tokens) {
    const back = encodeURIComponent('http://localhost:5173/');
    const asked = await browser.fetch(
      `/oauth/logout?id_token_hint=${tokens.id_token}&post_logout_redirect_uri=${back}&state=s`,
    );
    const page = await asked.text();
    expect(asked.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:5173");
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1];
    const confirm = (fields: Record<string, string>) =>
      browser.fetch('/oauth/logout/confirm', { method: 'POST', body: new URLSearchParams(fields) });
    expect((await confirm({ xsrf: 'another', logout: 'yes' })).status).toBe(400);
    return confirm({ xsrf, logout: 'yes' });
  }
  it('ends what web apps have been given there; an installed app goes on', async () => {
    const browser = new Browser(instances);
    const site = await signIn(browser, world.ids.ada, web);
    const app = await signIn(browser, world.ids.ada, mobile);
    const done = await signOut(browser, site);
    expect([done.status, done.headers.get('location')]).toEqual([303, 'http://localhost:5173/?state=s']);
    await expectOver(site, web.clientId);
    expect(await sessionOf(site)).toMatchObject({ end_reason: 'SIGNED_OUT' });
    await expectOn(app, mobile.clientId);
  });
  it('ends the app that has asked for it', async () => {
    const browser = new Browser(instances);
    const app = await signIn(browser, world.ids.ada, mobile);
    const asked = await browser.fetch(`/oauth/logout?id_token_hint=${app.id_token}`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await asked.text())![1];
    const done = await browser.follow('/oauth/logout/confirm', {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    expect(done.response.status).toBe(200);
    expect(await done.response.text()).toContain('You are signed out in this browser.');
    await expectOver(app, mobile.clientId);
  });
  it('asks in the language that somebody chooses, and the answer still counts', async () => {
    const browser = new Browser(instances);
    await signIn(browser, world.ids.ada, web);
    const asked = await browser.fetch('/oauth/logout?client_id=tandem-web&lang=ja');
    expect(asked.headers.get('content-language')).toBe('ja');
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await asked.text())![1];
    const form = (value: string) => ({
      method: 'POST',
      headers: { accept: 'text/html' },
      body: new URLSearchParams({ xsrf: value, logout: 'yes' }),
    });
    const refused = await browser.fetch('/oauth/logout/confirm', form('another'));
    expect([refused.status, refused.headers.get('content-language')]).toEqual([400, 'ja']);
    // It cannot be asked for again.
    expect(await refused.text()).not.toContain('lang="de"');
    const done = await browser.follow('/oauth/logout/confirm', form(xsrf));
    expect([done.response.status, done.response.headers.get('content-language')]).toEqual([200, 'ja']);
  });
  it('of whom nobody is signed in as needs no answer: where scripts run the page sends itself', async () => {
    const browser = new Browser(instances);
    const back = 'http://localhost:5173/';
    const asked = await browser.fetch(
      `/oauth/logout?client_id=tandem-web&state=s&post_logout_redirect_uri=${encodeURIComponent(back)}`,
      { headers: { 'accept-language': 'ar' } },
    );
    const page = await asked.text();
    expect(page).toMatch(/<html lang="ar" dir="rtl"[\s\S]*<form[^>]* data-sends-itself/);
    expect(page).not.toMatch(/<script>|<script [^>]*src="(?!\/assets\/)|\son\w+=/);
    const policy = asked.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("form-action 'self' http://localhost:5173");
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1];
    const body = new URLSearchParams({ xsrf, logout: 'yes' });
    const done = await browser.fetch('/oauth/logout/confirm', { method: 'POST', body });
    expect([done.status, done.headers.get('location')]).toEqual([303, `${back}?state=s`]);
  });
  it('leads to no address that the client has not registered', async () => {
    const browser = new Browser(instances);
    const site = await signIn(browser, world.ids.ada, web);
    const back = encodeURIComponent('http://evil.example/');
    const asked = await browser.fetch(`/oauth/logout?id_token_hint=${site.id_token}&post_logout_redirect_uri=${back}`);
    expect(asked.status).toBe(400);
    await expectOn(site, web.clientId);
  });
});

describe('userinfo', () => {
  const ask = async (token: string) => {
    const response = await instances.fetch('/oauth/userinfo', { headers: { authorization: `Bearer ${token}` } });
    return {
      status: response.status,
      body: (await response.json()) as any,
      challenge: response.headers.get('www-authenticate'),
    };
  };
  it('says what the scopes of the token let it', async () => {
    const all = await signIn(new Browser(instances), world.ids.ada, web);
    expect((await ask(all.access_token)).body).toMatchObject({
      sub: world.ids.ada,
      email: expect.any(String),
      email_verified: false,
      name: expect.any(String),
    });
    const little = await signIn(new Browser(instances), world.ids.ada, { ...web, scope: 'openid' });
    expect((await ask(little.access_token)).body).toEqual({ sub: world.ids.ada });
    const without = await world.app.issuer.token(world.ids.ada);
    expect(await ask(without)).toMatchObject({ status: 403, challenge: expect.stringContaining('insufficient_scope') });
    expect((await instances.fetch('/oauth/userinfo')).status).toBe(401);
  });
});

describe('a token that is bound to a key', () => {
  const address = () => `${instances.publicUrl}/v1/users/me`;
  async function bound() {
    const key = await ProofKey.create();
    const dpop = await key.proof('POST', `${instances.publicUrl}/oauth/token`);
    const tokens = await signIn(new Browser(instances), world.ids.ada, mobile, { dpop });
    expect(tokens.token_type).toBe('DPoP');
    return { key, token: tokens.access_token };
  }
  const ask = async (token: string, dpop?: string, scheme = 'DPoP') => {
    const headers = { authorization: `${scheme} ${token}`, ...(dpop !== undefined && { dpop }) };
    const response = await instances.fetch('/v1/users/me', { headers });
    const body = (await response.json()) as any;
    return body.error?.code ?? response.status;
  };
  it('is taken with a proof, each time a new one, by REST and GraphQL', async () => {
    const { key, token } = await bound();
    for (let i = 0; i < 2; i++) expect(await ask(token, await key.proof('GET', address(), token))).toBe(200);
    const dpop = await key.proof('POST', `${instances.publicUrl}/graphql`, token);
    const response = await instances.fetch('/graphql', {
      method: 'POST',
      headers: { authorization: `DPoP ${token}`, dpop, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { id } again: me { id } }' }),
    });
    expect(await response.json()).toEqual({ data: { me: { id: world.ids.ada }, again: { id: world.ids.ada } } });
  });
  it('is refused without one, and with one that is not of this request', async () => {
    const { key, token } = await bound();
    const stranger = await ProofKey.create();
    const now = Math.floor(Date.now() / 1000);
    expect(await ask(token, undefined, 'Bearer')).toBe('DPOP_PROOF_INVALID');
    expect(await ask(token)).toBe('DPOP_PROOF_INVALID');
    const proofs = [
      await stranger.proof('GET', address(), token),
      await key.proof('POST', address(), token),
      await key.proof('GET', `${instances.publicUrl}/v1/users`, token),
      await key.proof('GET', 'https://evil.example/v1/users/me', token),
      await key.proof('GET', address(), 'another token'),
      await key.proof('GET', address()),
      await key.proof('GET', address(), token, { iat: now - 120 }),
      await key.proof('GET', address(), token, { iat: now + 120 }),
      await key.proof('GET', address(), token, { iat: undefined }),
      await key.proof('GET', address(), token, { jti: '' }),
      await key.proof('GET', address(), token, {}, { typ: 'JWT' }),
      'x',
      token,
    ];
    for (const proof of proofs) expect(await ask(token, proof)).toBe('DPOP_PROOF_INVALID');
    expect(await ask(await world.app.issuer.token(world.ids.ada), proofs[0])).toBe('TOKEN_INVALID');
  });
  it('with one proof gets one answer, however often it is sent at once to whom', async () => {
    const { key, token } = await bound();
    const proof = await key.proof('GET', address(), token);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(token, proof)));
    expect(answers.filter((answer) => answer === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'DPOP_PROOF_INVALID')).toHaveLength(9);
  });
  it('at the token endpoint, too', async () => {
    const key = await ProofKey.create();
    const dpop = () => key.proof('POST', `${instances.publicUrl}/oauth/token`);
    const { refresh_token: token } = await signIn(new Browser(instances), world.ids.ada, mobile, {
      dpop: await dpop(),
    });
    const proof = await dpop();
    const other = await signIn(new Browser(instances), world.ids.ada, mobile, { dpop: await dpop() });
    const answers = await Promise.all(
      [token, other.refresh_token].map((one) => refresh(instances, mobile.clientId, one, {}, { dpop: proof })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
    // Of the proof alone: the session of the one that came too late goes on.
    const late = answers.findIndex(({ status }) => status === 400);
    expect(answers[late].body).toMatchObject({ error: 'invalid_dpop_proof' });
    const again = [token, other.refresh_token][late];
    expect((await refresh(instances, mobile.clientId, again, {}, { dpop: await dpop() })).status).toBe(200);
  });
});
