import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditReports } from '#libs/audit/audit-reports.js';
import { Database } from '#libs/database/database.js';
import { allMessages, locales } from '#libs/messages/messages.js';
import { ClientSource, type RegisteredClient } from '#libs/oidc/clients.js';
import { Pages } from '#libs/pages/pages.js';
import { FormBrowser, type ShownPage } from '#libs/testing/form-browser.js';
import { TestMailbox } from '#libs/testing/mailbox.js';
import { FirstPartyClients } from '#src/identity/clients/first-party-clients.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { Accounts } from '#src/identity/accounts.js';
import { Totp } from '#src/identity/second-factor/totp.js';
import { TestApp } from '#test/harness/test-app.js';
import { authorizationUrl, exchange, Instances, pkce, refresh, web, type Request } from '#test/issuer/client.js';

const publicUrl = 'http://tandem.test';
const password = 'correct horse battery';
const thirdParty: RegisteredClient = {
  id: 'weather',
  name: 'Weather <b>',
  kind: 'web',
  isFirstParty: false,
  redirectUris: ['https://weather.example/cb'],
  postLogoutRedirectUris: [],
  authentication: 'none',
  policyUri: 'https://weather.example/policy',
};
const weather: Request = {
  clientId: thirdParty.id,
  redirectUri: thirdParty.redirectUris[0],
  scope: 'openid email notifications:read',
};
@Injectable()
class Clients extends FirstPartyClients {
  override async find(id: string) {
    return id === thirdParty.id ? thirdParty : super.find(id);
  }
}

describe('signing in', () => {
  let mailbox: TestMailbox;
  let app: TestApp;
  let hash: string;
  let instances: Instances;
  let email: string;
  let userId: string;
  beforeAll(async () => {
    mailbox = await TestMailbox.start();
    app = await TestApp.start({
      env: { SMTP_URL: mailbox.url, ROLE: 'all', PUBLIC_URL: publicUrl },
      override: (builder) => builder.overrideProvider(ClientSource).useClass(Clients),
    });
    instances = new Instances([app]);
    hash = await app.app.get(PasswordHashes).hash(password);
  });
  afterAll(async () => {
    await app?.stop();
    await mailbox.stop();
  });
  beforeEach(async () => {
    await app.database.sql('truncate attempts, attempt_totals');
    ({ email, userId } = await person());
  });
  async function person() {
    const id = randomUUID();
    const address = `${id}@example.com`;
    await app.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada Lovelace')`, [
      id,
      address,
    ]);
    await app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [id, hash]);
    return { email: address, userId: id };
  }
  const browser = (headers?: Record<string, string>) => new FormBrowser(app.url, publicUrl, headers);
  const begin = (who: FormBrowser, request: Request = web, challenge = pkce().challenge) =>
    who.get(authorizationUrl(request, challenge));
  const enter = (who: FormBrowser, page: ShownPage, typed = password, address = email) =>
    who.submit(page, { email: address, password: typed });
  /** Where the client gets the browser back. */
  const cameBack = (who: FormBrowser): URL => {
    expect(who.left?.searchParams.get('code')).toBeTruthy();
    return who.left!;
  };
  const uidOf = (page: ShownPage) => page.path.split(/[/?]/)[2];
  /** The whole way with a password; answers with tokens. */
  async function signedIn(who: FormBrowser, request = web, address = email) {
    const { verifier, challenge } = pkce();
    who.left = undefined;
    const page = await enter(who, await begin(who, request, challenge), password, address);
    // Before somebody else signs in in a browser, the one before is signed out: a form that sends itself, or by a button.
    if (page.html.includes('/oauth/logout/confirm')) await who.submit(page, {}, '/confirm');
    const { searchParams } = cameBack(who);
    return (await exchange(instances, request, searchParams.get('code') ?? '', verifier)).body;
  }

  it('by password gives the client its code, and tokens say how', async () => {
    const who = browser();
    const page = await begin(who);
    expect(page.path).toMatch(/^\/sign-in\/[\w-]+$/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' http://localhost:5173`);
    const tokens = await signedIn(who);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: userId, amr: ['pwd'] });
  });
  it('an address may be typed in any case and with spaces', async () => {
    const who = browser();
    await enter(who, await begin(who), password, `  ${email.toUpperCase()}`);
    expect(who.left?.searchParams.get('code')).toBeTruthy();
  });
  it('costs and shows the same for a wrong password, an unknown address, and an account without password', async () => {
    const bare = await person();
    await app.database.sql('delete from passwords where user_id = $1', [bare.userId]);
    const hashes = vi.spyOn(app.app.get(PasswordHashes), 'isPasswordOf');
    // What the owner of the account finds in the trail is written when the answer is out: here, never.
    const reports = vi.spyOn(app.app.get(AuditReports), 'report').mockReturnValue(new Promise(() => undefined));
    const who = browser();
    const page = await begin(who);
    const seen = [];
    for (const address of [email, `${randomUUID()}@example.com`, bare.email]) {
      hashes.mockClear();
      let answer: ShownPage;
      const statements = await app.statements(
        async () => (answer = await enter(who, page, 'wrong horse battery', address)),
      );
      const html = answer!.html.replaceAll(address, '(address)');
      seen.push({ html, status: answer!.status, statements, hashes: hashes.mock.calls.length });
    }
    hashes.mockRestore();
    expect(reports.mock.calls.map(([{ personId }]) => personId)).toEqual([userId, bare.userId]);
    reports.mockRestore();
    expect(seen[0]).toMatchObject({ status: 422, hashes: 1 });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[0].html).toContain('Address or password is not right.');
    expect(seen[0].html).not.toContain('wrong horse battery');
  });
  it('of a suspended account says so only to who has the password', async () => {
    await app.database.sql(`update users set status = 'SUSPENDED' where id = $1`, [userId]);
    const who = browser();
    const page = await begin(who);
    expect((await enter(who, page, 'wrong horse battery')).text).not.toContain('suspended');
    const answer = await enter(who, page);
    expect([answer.status, who.left]).toEqual([403, undefined]);
    expect(answer.text).toContain('This account is suspended');
  });
  it('begins a session with a new id: one that was planted before is worth nothing', async () => {
    const who = browser();
    const session = async () =>
      (await who.jar.getCookies(publicUrl)).find(({ key }) => key === 'tandem_session')?.value;
    await signedIn(who);
    const first = await session();
    const other = await person();
    await signedIn(who, { ...web, more: { prompt: 'login' } }, other.email);
    const second = await session();
    expect(first).toBeTruthy();
    expect(second).toBeTruthy();
    expect(second).not.toBe(first);
    const planted = browser();
    await planted.jar.setCookie(`tandem_session=${first}; Path=/`, publicUrl);
    expect((await planted.get('/account')).path).toMatch(/^\/sign-in\//);
  });
  it('is over after Back, a second press and in another browser, in a friendly way', async () => {
    const who = browser();
    const page = await begin(who);
    const stranger = browser();
    for (const answer of [await stranger.get(page.path), await stranger.post(page.path, who.formOf(page).fields)]) {
      expect([answer.status, answer.title]).toEqual([410, 'This sign-in is over · Tandem']);
    }
    await enter(who, page);
    expect(who.left).toBeDefined();
    for (const answer of [await who.get(page.path), await enter(who, page)]) {
      expect([answer.status, answer.title]).toEqual([410, 'This sign-in is over · Tandem']);
      expect(answer.text).toContain('Go back to the app');
    }
  });
  it('works in two tabs at once', async () => {
    const who = browser();
    const [one, two] = [await begin(who), await begin(who)];
    expect(uidOf(one)).not.toBe(uidOf(two));
    for (const page of [two, one]) {
      who.left = undefined;
      await enter(who, page);
      expect(who.left!.searchParams.get('code')).toBeTruthy();
    }
  });
  it('speaks the language that the client asks for, or that somebody chose on the page', async () => {
    const who = browser({ 'accept-language': 'de' });
    expect((await begin(who)).title).toBe('Anmelden · Tandem');
    const arabic = await begin(who, { ...web, more: { ui_locales: 'fr ar en' } });
    expect(arabic.html).toContain('<html lang="ar" dir="rtl">');
    const chosen = await who.get(`${arabic.path}?lang=ja`);
    expect(chosen.path).toBe(arabic.path);
    expect(chosen.html).toContain('<html lang="ja" dir="ltr">');
    expect((await enter(who, chosen, 'wrong')).html).toContain('正しくありません');
  });
  it('fills in whom the client expects', async () => {
    const page = await begin(browser(), { ...web, more: { login_hint: 'a"b@example.com' } });
    expect(page.html).toContain('value="a&quot;b@example.com"');
  });
  it('is limited to ten tries from new devices, and goes on where the account was used before', async () => {
    const owner = browser();
    await signedIn(owner);
    const attacker = browser();
    const page = await begin(attacker);
    const statuses = [];
    for (let i = 0; i < 11; i++) statuses.push((await enter(attacker, page, `wrong password ${i}`)).status);
    expect(statuses).toEqual([...Array(10).fill(422), 429]);
    const refused = await enter(attacker, page);
    expect(refused.text).toContain('Too many tries');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    await signedIn(owner, { ...web, more: { prompt: 'login' } });
    // For an address without account it is the same.
    const nobody = `${randomUUID()}@example.com`;
    const others = [];
    for (let i = 0; i < 11; i++) others.push((await enter(attacker, page, password, nobody)).status);
    expect(others).toEqual(statuses);
  });
  it('can be given up, which the client is told', async () => {
    const who = browser();
    await who.submit(await begin(who), {}, '/cancel');
    expect(who.left?.searchParams.get('error')).toBe('access_denied');
  });
  it('goes on with the account that was registered in the middle of it', async () => {
    const who = browser();
    const page = await begin(who);
    const address = `${randomUUID()}@example.com`;
    const sent = await who.submit(await who.get(`${page.path}/register`), { email: address });
    expect(sent.path).toBe(`${page.path}/register/sent`);
    const [link] = (await mailbox.next(address)).links;
    const ready = await who.submit(await who.get(link), { name: 'New', 'new-password': password });
    expect(ready.title).toBe('Your account is ready · Tandem');
    await who.submit(ready, {}, '/continue');
    expect(who.left?.searchParams.get('code')).toBeTruthy();
  });
  it('a link that is opened elsewhere leads to a friendly page, and nobody else in', async () => {
    const who = browser();
    const page = await begin(who);
    const address = `${randomUUID()}@example.com`;
    await who.submit(await who.get(`${page.path}/register`), { email: address });
    const phone = browser();
    const [link] = (await mailbox.next(address)).links;
    const done = await phone.submit(await phone.get(link), { name: 'New', 'new-password': password });
    expect([done.status, done.title]).toEqual([200, 'Your account is ready · Tandem']);
    expect(done.text).toContain('Go back to the app and sign in.');
    expect((await who.get(page.path)).title).toBe('Sign in · Tandem');
    expect(phone.left).toBeUndefined();
  });
  it('a forgotten password is replaced in the middle of it, and ends every session', async () => {
    const other = browser();
    const tokens = await signedIn(other);
    const who = browser();
    const page = await begin(who);
    await who.submit(await who.get(`${page.path}/forgotten-password`), { email });
    const [link] = (await mailbox.next(email, 'Choose a new password')).links;
    await who.submit(
      await who.submit(await who.get(link), { 'new-password': 'another horse battery' }),
      {},
      '/continue',
    );
    expect(who.left?.searchParams.get('code')).toBeTruthy();
    expect((await refresh(instances, web.clientId, tokens.refresh_token)).status).toBe(400);
    expect((await other.get('/account')).path).toMatch(/^\/sign-in\//);
    const [{ end_reason: reason }] = await app.database.sql('select end_reason from sessions where user_id = $1', [
      userId,
    ]);
    expect(reason).toBe('PASSWORD_CHANGED');
  });

  describe('leaves in the audit trail', () => {
    const entries = async (person = userId) => {
      const rows = await app.database.sql<Record<string, any>>(
        `select action, outcome, actor, client_id, after from audit_entries where person_id = $1 order by at, id`,
        [person],
      );
      return rows.map(({ action, outcome, actor, client_id: client, after }) => ({
        action: action as string,
        outcome,
        actor: actor === `user:${person}` ? 'owner' : actor,
        ...(client !== null && { client }),
        ...(after !== null && { after }),
      }));
    };
    const actions = async (person = userId) => (await entries(person)).map(({ action }) => action);

    it('who signed in how and where, who failed and who was refused, and nothing of unknown addresses', async () => {
      const who = browser();
      const page = await begin(who);
      await enter(who, page, password, `${randomUUID()}@example.com`);
      await enter(who, page, 'wrong horse battery');
      await expect.poll(() => actions()).toEqual(['sign-in.fail']);
      await enter(who, page);
      await signedIn(who, { ...web, more: { prompt: 'login' } });
      const client = web.clientId;
      const succeeded = (isNewDevice: boolean) => ({
        action: 'sign-in.succeed',
        outcome: 'DONE',
        actor: 'owner',
        client,
        after: { methods: ['pwd'], isNewDevice },
      });
      expect(await entries()).toEqual([
        { action: 'sign-in.fail', outcome: 'FAILED', actor: 'anonymous', client },
        succeeded(true),
        succeeded(false),
      ]);
      const attacker = browser();
      const guessing = await begin(attacker);
      for (let i = 0; i < 12; i++) await enter(attacker, guessing, `wrong password ${i}`);
      await expect
        .poll(async () => (await entries()).slice(-1))
        .toEqual([
          { action: 'sign-in.refuse', outcome: 'DENIED', actor: 'anonymous', client, after: { reason: 'LIMIT' } },
        ]);
      // Once, not for each request that somebody likes to send.
      expect((await actions()).filter((action) => action === 'sign-in.refuse')).toHaveLength(1);
      const [{ count }] = await app.database.sql(
        `select count(*)::int from audit_entries where person_id is null and action like 'sign-in%'`,
      );
      expect(count).toBe(0);
    });
    it('what the owner may read: all of their own, of others from where', async () => {
      const who = browser({ 'user-agent': 'Mozilla/5.0 (somewhere)' });
      await enter(who, await begin(who), 'wrong horse battery');
      await signedIn(who);
      await expect.poll(async () => (await actions()).length).toBe(2);
      const owner = await app.as('owner', userId);
      const { body } = await owner.get('/v1/audit-entries?action=sign-in.succeed,sign-in.fail&sort=at');
      expect(body.data).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ action: 'sign-in.fail', userAgent: 'Mozilla/5.0 (somewhere)', ip: '127.0.0.1' }),
          expect.objectContaining({ action: 'sign-in.succeed', after: { methods: ['pwd'], isNewDevice: true } }),
        ]),
      );
    });
    it('an account that was made, a password that was asked for and replaced', async () => {
      const who = browser();
      const address = `${randomUUID()}@example.com`;
      await who.submit(await who.get('/register'), { email: address });
      const [link] = (await mailbox.next(address)).links;
      await who.submit(await who.get(link), { name: 'New', 'new-password': password });
      const [{ id }] = await app.database.sql('select id::text from users where email = $1', [address]);
      expect((await actions(id as string)).toSorted()).toEqual(['email.confirm', 'user.register']);
      await who.submit(await who.get('/forgotten-password'), { email: address });
      await expect.poll(() => actions(id as string)).toContain('password-reset.request');
      const [again] = (await mailbox.next(address)).links;
      await who.submit(await who.get(again), { 'new-password': 'another horse battery' });
      expect((await actions(id as string)).slice(-3).toSorted()).toEqual([
        'email.confirm',
        'password-reset.use',
        'password.change',
      ]);
    });
    it('a refresh token that was shown again', async () => {
      const first = (await signedIn(browser())).refresh_token;
      const second = (await refresh(instances, web.clientId, first)).body.refresh_token;
      await refresh(instances, web.clientId, second);
      expect((await refresh(instances, web.clientId, first)).status).toBe(400);
      expect((await entries()).slice(1).map(({ action, outcome }) => [action, outcome])).toEqual([
        ['session.end', 'DONE'],
        ['token.reuse', 'DENIED'],
      ]);
    });
  });

  describe('as a client asks for it', () => {
    const mfa = { acr_values: 'urn:tandem:mfa urn:tandem:single' };
    const silent = async (who: FormBrowser, more: Record<string, string> = {}) => {
      who.left = undefined;
      const page = await begin(who, { ...web, more: { prompt: 'none', ...more } });
      expect(page.path).toContain('/oauth/authorize');
      return who.left!.searchParams.get('error') ?? 'code';
    };
    async function addTotp() {
      const totp = app.app.get(Totp);
      const { sealed, secret } = totp.offer((await app.app.get(Accounts).find(userId))!, 'Tandem');
      const codeAt = (seconds: number) =>
        new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + seconds * 1000 });
      await app.app.get(Database).transaction((em) => totp.enable(em, userId, sealed, codeAt(0)));
      return () => codeAt(30);
    }

    it('says how and when in both tokens, and still after a refresh', async () => {
      const tokens = await signedIn(browser());
      const how = { acr: 'urn:tandem:single', amr: ['pwd'], auth_time: expect.any(Number) };
      const again = (await refresh(instances, web.clientId, tokens.refresh_token)).body;
      const all = [tokens.id_token, tokens.access_token, again.id_token, again.access_token];
      for (const token of all) expect(decodeJwt(token)).toMatchObject(how);
      expect(new Set(all.map((token) => decodeJwt(token).auth_time)).size).toBe(1);
      const { acr_values_supported: supported } = JSON.parse(
        (await browser().get('/.well-known/openid-configuration')).html,
      ) as { acr_values_supported: string[] };
      expect(supported.toSorted()).toEqual(['urn:tandem:mfa', 'urn:tandem:single']);
    });
    it('takes a second factor where there is one, and is done where there is none', async () => {
      const who = browser();
      await signedIn(who);
      expect([await silent(who), await silent(who, mfa)]).toEqual(['code', 'login_required']);
      const lesser = { acr_values: 'urn:tandem:single urn:tandem:mfa' };
      expect(await silent(who, lesser)).toBe('code');
      const without = await signedIn(who, { ...web, more: mfa });
      expect(decodeJwt(without.id_token)).toMatchObject({ acr: 'urn:tandem:single' });
      const code = await addTotp();
      const { verifier, challenge } = pkce();
      who.left = undefined;
      const asked = await enter(who, await begin(who, { ...web, more: mfa }, challenge));
      expect([asked.title, who.left]).toEqual(['One more step · Tandem', undefined]);
      await who.submit(asked, { code: code() });
      const { body } = await exchange(instances, web, cameBack(who).searchParams.get('code')!, verifier);
      for (const token of [body.id_token, body.access_token])
        expect(decodeJwt(token)).toMatchObject({ acr: 'urn:tandem:mfa', amr: ['pwd', 'otp', 'mfa'] });
      expect(await silent(who, mfa)).toBe('code');
    });
    it('asks again or never: prompt and max_age', async () => {
      const who = browser();
      expect(await silent(who)).toBe('login_required');
      await signedIn(who);
      expect([await silent(who, { max_age: '3600' }), await silent(who, { max_age: '0' })]).toEqual([
        'code',
        'login_required',
      ]);
      for (const more of [{ prompt: 'login' }, { max_age: '0' }] as Record<string, string>[]) {
        const page = await begin(who, { ...web, more });
        expect(page.title).toBe('Sign in · Tandem');
        expect(page.html).toContain(`value="${email}"`);
      }
      const page = await begin(who, { ...web, more: { prompt: 'consent' } });
      who.left = undefined;
      await who.submit(page, {}, '/consent');
      cameBack(who);
    });
    it('keeps language and address on the pages beside it', async () => {
      const who = browser({ 'accept-language': 'de' });
      const page = await begin(who, { ...web, more: { ui_locales: 'ar', login_hint: 'hinted@example.com' } });
      for (const name of ['register', 'forgotten-password']) {
        const beside = await who.get(`${page.path}/${name}`);
        expect(beside.html).toContain('<html lang="ar" dir="rtl">');
        expect(beside.html).toContain('value="hinted@example.com"');
        const sent = await who.submit(beside, { email: `${randomUUID()}@example.com` });
        expect(sent.path).toBe(`${page.path}/${name}/sent`);
        expect(sent.html).toContain('<html lang="ar" dir="rtl">');
        // In another browser it is a page like any other.
        expect((await browser().get(`${page.path}/${name}`)).html).toContain('<html lang="en"');
      }
    });
  });

  describe('to an app of somebody else', () => {
    it('asks once, in words, and gives what was agreed to', async () => {
      const who = browser();
      const { verifier, challenge } = pkce();
      const page = await enter(who, await begin(who, weather, challenge));
      expect(page.title).toBe('Allow access? · Tandem');
      expect(page.html).toContain('Weather &lt;b&gt;');
      expect(page.text).toContain('see your e-mail address');
      expect(page.text).toContain('see: notifications');
      expect(page.text).not.toContain('know that it is you');
      expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' https://weather.example`);
      await who.submit(page, {}, '/consent');
      const code = who.left!.searchParams.get('code')!;
      const { body } = await exchange(instances, weather, code, verifier);
      expect(body.scope.split(' ').toSorted()).toEqual(['email', 'notifications:read', 'openid']);
      who.left = undefined;
      await begin(who, weather);
      expect(who.left!.searchParams.get('code')).toBeTruthy();
    });
    const saidOn = ({ html }: ShownPage) => [...html.matchAll(/<li>([^<]+)<\/li>/g)].map(([, text]) => text);
    it.each(locales)(
      'says once that it goes on while nobody is there, whatever its scopes name (%s)',
      async (locale) => {
        const text = (key: string) => allMessages().get(key)![locale];
        const away = text('identity.scope.offline_access');
        const who = browser();
        const ask = (scope: string, more = {}) =>
          begin(who, { ...weather, scope, more: { ui_locales: locale, ...more } });
        let page = await enter(who, await ask('openid'));
        expect(page.title).toContain(text('identity.consent.title'));
        expect(saidOn(page)).toEqual([text('identity.scope.openid'), away]);
        for (const more of [{}, { prompt: 'consent' }])
          for (const scope of ['openid email', 'openid offline_access email'])
            expect(saidOn(await ask(scope, more))).toEqual([text('identity.scope.email'), away]);
        page = await ask('openid offline_access email', { prompt: 'consent' });
        await who.submit(page, {}, '/consent');
        // What it has already it is asked for as a whole where nothing is new.
        page = await ask('openid email', { prompt: 'consent' });
        expect(saidOn(page)).toEqual([text('identity.scope.email'), away]);
      },
    );
    it('does not prolong the session of the browser by its refreshes, which an app of ours does', async () => {
      const who = browser();
      const ours = await signedIn(who);
      const { verifier, challenge } = pkce();
      who.left = undefined;
      await who.submit(await begin(who, weather, challenge), {}, '/consent');
      const code = cameBack(who).searchParams.get('code')!;
      const { body: theirs } = await exchange(instances, weather, code, verifier);
      const ofBrowser = `model = 'Session' and account_id = $1`;
      await app.database.sql(`update issuer_state set expires_at = now() + interval '1 day' where ${ofBrowser}`, [
        userId,
      ]);
      const isProlonged = async () => {
        const sql = `select expires_at > now() + interval '29 days' as prolonged from issuer_state where ${ofBrowser}`;
        return (await app.database.sql(sql, [userId])).map(({ prolonged }) => prolonged);
      };
      expect((await refresh(instances, weather.clientId, theirs.refresh_token)).status).toBe(200);
      expect(await isProlonged()).toEqual([false]);
      expect((await refresh(instances, web.clientId, ours.refresh_token)).status).toBe(200);
      expect(await isProlonged()).toEqual([true]);
    });
    it('can be refused', async () => {
      const who = browser();
      const page = await enter(who, await begin(who, weather));
      await who.submit(page, {}, '/cancel');
      expect(who.left?.searchParams.get('error')).toBe('access_denied');
    });
    it('is not agreed to before somebody signed in', async () => {
      const who = browser();
      const page = await begin(who, weather);
      const { fields } = who.formOf(page, '/cancel');
      const answer = await who.post(`${page.path}/consent`, fields);
      expect(who.left).toBeUndefined();
      expect(answer.path).toBe(page.path);
    });
  });

  describe('the account page', () => {
    async function atAccount(who = browser()) {
      const page = await who.get('/account');
      return enter(who, page);
    }
    const secretOf = (page: ShownPage) =>
      /<code dir="ltr">([A-Z2-7 ]+)<\/code>/.exec(page.html)![1].replaceAll(' ', '');
    const codeAt = (secret: string, seconds = 0) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + seconds * 1000 });

    it('is for who signs in, and comes back to where they wanted', async () => {
      const who = browser();
      const page = await enter(who, await who.get('/account/name'));
      expect([page.path, page.status]).toEqual(['/account/name', 200]);
      const done = await who.submit(page, { name: 'Augusta King' });
      expect(done.text).toContain('Your name is saved.');
      expect(done.text).toContain('Augusta King');
      // The code that came back is good for nothing.
      expect(await app.database.sql('select from sessions where user_id = $1', [userId])).toEqual([]);
    });
    it('tells sign-ins of one device apart by the time, on the clock of the account', async () => {
      await app.database.sql(`update users set time_zone = 'Asia/Tokyo' where id = $1`, [userId]);
      const who = browser();
      await signedIn(who);
      await app.database.sql(`update sessions set last_seen_at = '2026-11-27T22:30:05Z' where user_id = $1`, [userId]);
      const { text } = await who.get('/account');
      expect(text).toMatch(/\(this browser\).*last used on Nov 28, 2026, 7:30:05\sAM GMT\+9/);
    });
    it('is a page where there is none, for who opens it in a browser', async () => {
      const who = browser();
      const opened = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': 'ar' };
      for (const [path, status] of [
        ['/account/sessions', 404],
        ['/sign-in/x/y/z', 404],
        ['/account//', 404],
        ['/account/sessions/end', 405],
      ] as const) {
        const page = await who.get(path, opened);
        expect([page.path, page.status]).toEqual([path, status]);
        expect(page.html).toContain('<html lang="ar" dir="rtl">');
        expect(page.headers.get('vary')).toContain('Accept');
        const told = await who.get(path, { accept: '*/*' });
        expect([told.status, told.headers.get('content-type')]).toEqual([status, 'application/json; charset=utf-8']);
      }
      expect((await who.get('/v1/nothing', opened)).headers.get('content-type')).toContain('application/json');
      expect((await who.get('/register/?lang=de', opened)).path).toBe('/register');
      const known = await fetch(`${app.url}/.well-known/change-password`, { redirect: 'manual' });
      expect([known.status, known.headers.get('location')]).toEqual([302, '/account/password']);
    });
    it('leads nowhere else', async () => {
      const who = browser();
      await atAccount(who);
      for (const evil of [
        'https://evil.example',
        '//evil.example',
        '/\\evil.example',
        '/account/../x',
        '/sign-in/x',
        '',
      ])
        for (const path of [
          `/account/signed-in?state=${encodeURIComponent(evil)}`,
          `/account/confirm?next=${encodeURIComponent(evil)}`,
        ]) {
          const page = await who.get(path);
          const answer = page.path.startsWith('/account/confirm')
            ? await who.submit(page, { password }, '/confirm')
            : page;
          expect([path, answer.path, who.left]).toEqual([path, '/account', undefined]);
        }
    });
    it('changes the password, ends other sessions and not this one', async () => {
      const other = browser();
      const tokens = await signedIn(other);
      const who = browser();
      await atAccount(who);
      const done = await who.submit(await who.get('/account/password'), { 'new-password': 'another horse battery' });
      expect(done.text).toContain('Other devices are signed out.');
      expect((await who.get('/account')).path).toBe('/account');
      expect((await other.get('/account')).path).toMatch(/^\/sign-in\//);
      expect((await refresh(instances, web.clientId, tokens.refresh_token)).status).toBe(400);
      await mailbox.next(email, 'Your password was changed');
    });
    it('asks who it is again before what is sensitive', async () => {
      const who = browser();
      await atAccount(who);
      vi.useFakeTimers({ now: Date.now() + 11 * 60_000, toFake: ['Date'] });
      try {
        const page = await who.get('/account/authenticator');
        expect(page.path).toBe('/account/confirm?next=%2Faccount%2Fauthenticator');
        expect((await who.submit(page, { password: 'wrong horse battery' })).status).toBe(422);
        expect((await who.submit(page, { password })).path).toBe('/account/authenticator');
      } finally {
        vi.useRealTimers();
      }
    });
    it('sets up an authenticator app, whose codes are good once', async () => {
      const who = browser();
      await atAccount(who);
      const offer = await who.get('/account/authenticator');
      const secret = secretOf(offer);
      expect(offer.html).toContain('<svg');
      const wrong = await who.submit(offer, { code: '000000' });
      expect([wrong.status, secretOf(wrong)]).toEqual([422, secret]);
      const done = await who.submit(offer, { code: codeAt(secret) });
      const codes = [...done.html.matchAll(/<li>([a-z0-9]{5}-[a-z0-9]{5})<\/li>/g)].map(([, code]) => code);
      expect(new Set(codes).size).toBe(10);
      const stored = await app.database.sql('select row_to_json(t)::text as row from totp_secrets t');
      expect(JSON.stringify(stored)).not.toContain(secret);
      await mailbox.next(email, 'How you sign in was changed');

      const phone = browser();
      const asked = await enter(phone, await begin(phone));
      expect(asked.title).toBe('One more step · Tandem');
      // The code that set it up was used with it.
      expect((await phone.submit(asked, { code: codeAt(secret) })).status).toBe(422);
      const next = codeAt(secret, 30);
      const rival = browser();
      const rivalAsked = await enter(rival, await begin(rival));
      await Promise.all([phone.submit(asked, { code: next }), rival.submit(rivalAsked, { code: next })]);
      expect([phone.left, rival.left].filter(Boolean)).toHaveLength(1);

      // A recovery code gets in once.
      const { verifier, challenge } = pkce();
      const lost = browser();
      const lostAsked = await enter(lost, await begin(lost, web, challenge));
      await lost.submit(lostAsked, { code: codes[0].toUpperCase().replace('-', ' ') });
      const { body } = await exchange(instances, web, lost.left!.searchParams.get('code')!, verifier);
      expect(decodeJwt(body.access_token)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
      const again = browser();
      expect((await again.submit(await enter(again, await begin(again)), { code: codes[0] })).status).toBe(422);

      const account = await who.get('/account');
      expect(account.text).toContain('9 codes are left.');
      expect((await who.submit(await who.get('/account/authenticator'))).text).toContain(
        'The authenticator app is removed.',
      );
      const free = browser();
      await enter(free, await begin(free));
      expect(free.left?.searchParams.get('code')).toBeTruthy();
    });
    it('the second step is for who has shown the password in this very sign-in', async () => {
      const who = browser();
      const [page, other] = [await begin(who), await begin(who)];
      expect((await who.get(`${page.path}/second-factor`)).path).toBe(page.path);
      await app.database.sql(
        `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, label)
        values (gen_random_uuid(), $1, $2, '', 0, '{}', false, 'key')`,
        [userId, randomUUID()],
      );
      const asked = await enter(who, page);
      expect(asked.path).toBe(`${page.path}/second-factor`);
      expect((await who.get(`${other.path}/second-factor`)).path).toBe(other.path);
      // What the cookie of the one sign-in says is not believed in the other.
      const cookies = await who.jar.getCookies(publicUrl + page.path);
      const cookie = cookies.find(({ key }) => key.endsWith('progress'))!;
      expect(cookie.path).toBe(page.path);
      await who.jar.setCookie(`${cookie.key}=${cookie.value}; Path=${other.path}`, publicUrl + other.path);
      expect((await who.get(`${other.path}/second-factor`)).path).toBe(other.path);
    });
    it('passkey answers that are none are refused', async () => {
      const who = browser();
      const page = await begin(who);
      for (const answer of [
        '',
        '{',
        '{}',
        'null',
        '{"id":"x"}',
        `{"id":"x","rawId":"x","type":"public-key","response":{}}`,
      ]) {
        const refused = await who.submit(page, { answer }, '/passkey');
        expect([answer, refused.status, who.left]).toEqual([answer, 422, undefined]);
      }
    });
  });

  it('no form is taken without its token, or from elsewhere', async () => {
    const who = browser();
    const page = await begin(who);
    const consentPage = await (async () => {
      const second = browser();
      return { who: second, page: await enter(second, await begin(second, weather)) };
    })();
    await enter(who, await who.get('/account'));
    const count = async () =>
      JSON.stringify(
        await app.database.sql(
          `select (select count(*) from mailed_links), (select count(*) from jobs.job where name <> 'x'),
          (select count(*) from webauthn_challenges), (select count(*) from totp_secrets), (select display_name from users where id = $1),
          (select hash from passwords where user_id = $1)`,
          [userId],
        ),
      );
    const before = await count();
    const { forms } = app.app.get(Pages);
    expect(forms.length).toBeGreaterThan(15);
    for (const pattern of forms) {
      const consents = pattern.endsWith('/consent');
      const [sender, uid] = consents ? [consentPage.who, uidOf(consentPage.page)] : [who, uidOf(page)];
      const path = pattern.replace(':uid', uid);
      const fields = { email, password, name: 'x', 'new-password': 'another horse battery', code: '1', answer: '{}' };
      const stolen = sender.formOf(await browser().get('/register')).fields._token;
      for (const [token, headers] of [
        ['', {}],
        [stolen, {}],
        [stolen, { origin: 'https://evil.example' }],
        ['', { 'sec-fetch-site': 'cross-site' }],
      ] as const) {
        sender.left = undefined;
        const answer = await sender.post(path, { ...fields, ...(token && { _token: token }) }, headers);
        expect([pattern, answer.status, sender.left]).toEqual([pattern, 403, undefined]);
      }
    }
    expect(await count()).toBe(before);
  });
});
