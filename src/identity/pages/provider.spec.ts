import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '#libs/database/database.js';
import { FormBrowser, type ShownPage } from '#libs/testing/form-browser.js';
import { TestMailbox } from '#libs/testing/mailbox.js';
import { SignInIssuer } from '#libs/testing/sign-in-issuer.js';
import { Accounts } from '#src/identity/accounts.js';
import { Identities } from '#src/identity/external/identities.js';
import { SignInProviders } from '#src/identity/external/sign-in-providers.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { Totp } from '#src/identity/second-factor/totp.js';
import { ProviderPages } from './provider.pages.js';
import { TestApp } from '#test/harness/test-app.js';
import { authorizationUrl, exchange, Instances, me, pkce, web, type Request } from '#test/issuer/client.js';

const publicUrl = 'http://tandem.test';
const password = 'correct horse battery';
let mailbox: TestMailbox;
let provider: SignInIssuer;
/** Tells addresses at its userinfo endpoint, and makes nobody an account. */
let other: SignInIssuer;
let gone: SignInIssuer;
let app: TestApp;
let instances: Instances;
let hash: string;
/** Monotonic time goes faster by this. */
let later = 0;

beforeAll(async () => {
  [mailbox, provider, other, gone] = await Promise.all([
    TestMailbox.start(),
    SignInIssuer.start(),
    SignInIssuer.start(),
    SignInIssuer.start(),
  ]);
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + later);
  const client = { clientId: provider.clientId, clientSecret: provider.clientSecret };
  app = await TestApp.start({
    env: {
      SMTP_URL: mailbox.url,
      ROLE: 'all',
      PUBLIC_URL: publicUrl,
      EGRESS_ALLOW: '127.0.0.1/32',
      SIGN_IN_PROVIDERS: JSON.stringify([
        { id: 'example', name: 'Example', issuer: provider.url, ...client },
        { id: 'other', name: 'Other <b>', issuer: other.url, ...client, createAccounts: false },
        { id: 'gone', name: 'Gone', issuer: gone.url, ...client },
      ]),
    },
  });
  instances = new Instances([app]);
  hash = await app.app.get(PasswordHashes).hash(password);
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([mailbox, provider, other, gone].map((one) => one?.stop()));
  vi.restoreAllMocks();
});
beforeEach(async () => {
  await app.database.sql('truncate attempts, attempt_totals');
});
afterEach(() => [provider, other, gone].forEach((one) => one.reset()));

const browser = () => new FormBrowser(app.url, publicUrl);
const begin = (who: FormBrowser, request: Request = web, challenge = pkce().challenge) =>
  who.get(authorizationUrl(request, challenge));
/** Where the page leads by itself. */
function leadsTo(page: ShownPage): string {
  const found = /<meta http-equiv="refresh" content="0; url=([^"]*)"/.exec(page.html)?.[1];
  if (found === undefined) throw new Error(`leads nowhere: ${page.status} ${page.text.slice(0, 300)}`);
  expect(page.html).toContain(`<a href="${found}">`);
  return found.replaceAll('&amp;', '&');
}
/** To the provider; resolves to the address at which it sends the browser back. */
async function there(who: FormBrowser, page: ShownPage, id = 'example', issuer = provider): Promise<URL> {
  return issuer.through(leadsTo(await who.submit(page, {}, `/with/${id}`)));
}
const thereAndBack = async (who: FormBrowser, page: ShownPage, id?: string, issuer?: SignInIssuer) =>
  who.get((await there(who, page, id, issuer)).href);
/** The whole way, in a new browser: the last page that is shown, and what the client got. */
async function signIn(id?: string, issuer?: SignInIssuer, who = browser()) {
  const { verifier, challenge } = pkce();
  who.left = undefined;
  const page = await thereAndBack(who, await begin(who, web, challenge), id, issuer);
  const code = (who.left as URL | undefined)?.searchParams.get('code');
  const tokens = code ? (await exchange(instances, web, code, verifier)).body : undefined;
  return { who, page, tokens, claims: tokens && decodeJwt(tokens.access_token) };
}
const somebody = (more = {}) => ({
  sub: randomUUID(),
  email: `${randomUUID()}@example.com`,
  email_verified: true,
  ...more,
});

interface Person {
  readonly verified?: boolean;
  readonly bare?: boolean;
}
/** An account of ours with a password, its address confirmed. */
async function person({ verified = true, bare = false }: Person = {}) {
  const id = randomUUID();
  const email = `${id}@example.com`;
  await app.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada Lovelace')`, [id, email]);
  if (!bare) await app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [id, hash]);
  if (verified) await app.database.sql('insert into verified_emails (user_id, email) values ($1, $2)', [id, email]);
  return { id, email };
}
const link = (userId: string, subject: string, { url } = provider) =>
  app.app.get(Database).transaction((em) => app.app.get(Identities, { strict: false }).link(em, userId, url, subject));
const linksOf = (userId: string) =>
  app.database.sql<{ issuer: string; subject: string }>(
    'select issuer, subject from identities where user_id = $1 and deleted_at is null order by created_at',
    [userId],
  );
const accountsWith = (email: string) =>
  app.database.sql<{ id: string; display_name: string; locale: string }>('select * from users where email = $1', [
    email,
  ]);
const audited = (userId: string) =>
  app.database.sql<{ action: string; outcome: string; after: Record<string, unknown> | null }>(
    `select action, outcome, after from audit_entries where person_id = $1 order by at, id`,
    [userId],
  );

describe('signing in with a provider', () => {
  it('makes somebody new an account, and knows them again by their subject', async () => {
    provider.person = somebody({ name: '  Grace\tHopper ', locale: 'de-AT', email: 'Grace@Example.COM' });
    const first = await signIn();
    const [account] = await accountsWith('grace@example.com');
    expect(account).toMatchObject({ display_name: 'Grace Hopper', locale: 'de' });
    expect(first.claims).toMatchObject({ sub: account.id, amr: ['fed'], acr: 'urn:tandem:single' });
    expect((await me(instances, first.tokens.access_token)).body).toMatchObject({ id: account.id });
    expect((await app.app.get(Accounts).find(account.id))?.isEmailVerified).toBe(true);
    // The address may change or be gone there.
    provider.person = { sub: provider.person.sub };
    expect((await signIn()).claims).toMatchObject({ sub: account.id });
    expect((await audited(account.id)).map(({ action }) => action)).toEqual([
      'user.register',
      'email.confirm',
      'identity.link',
      'sign-in.succeed',
      'sign-in.succeed',
    ]);
  });
  it('brings an account whose confirmed address the provider vouches for, links it, and says so by mail', async () => {
    const { id, email } = await person();
    provider.person = somebody({ email: email.toUpperCase() });
    expect((await signIn()).claims).toMatchObject({ sub: id, amr: ['fed'] });
    expect(await linksOf(id)).toEqual([{ issuer: provider.url, subject: provider.person.sub }]);
    expect((await mailbox.next(email, 'How you sign in was changed')).text).toMatch(
      /signing in with .?Example.? was just added/,
    );
    const trail = await audited(id);
    expect(trail.map(({ action }) => action)).toEqual(['identity.link', 'sign-in.succeed']);
    expect(trail[1].after).toMatchObject({ methods: ['fed'], provider: 'example' });
  });
  it.each([
    ['is not verified', { email_verified: false }],
    ['is verified as far as nobody says', { email_verified: undefined }],
    ['is verified in words', { email_verified: 'true' }],
    ['is none', { email: 'nobody' }],
    ['is missing', { email: undefined }],
  ])('neither links nor makes an account when the address %s', async (_what, claims) => {
    const { id, email } = await person();
    for (const address of [email, `${randomUUID()}@example.com`]) {
      provider.person = somebody({ email: address, ...claims });
      const { page, who } = await signIn();
      expect([page.status, who.left]).toEqual([403, undefined]);
      expect(page.text).toContain('Example has not confirmed your e-mail address. Sign in another way');
      expect(await accountsWith(address)).toHaveLength(address === email ? 1 : 0);
      const back = await who.get(/href="(\/sign-in\/[^"]*)"/.exec(page.html)![1]);
      expect(back.title).toBe('Sign in · Tandem');
    }
    expect(await linksOf(id)).toEqual([]);
  });
  it('does not give the account of an unconfirmed address to its owner as somebody else has made it', async () => {
    const { id, email } = await person({ verified: false });
    provider.person = somebody({ email });
    const { page } = await signIn();
    expect([page.status, await linksOf(id)]).toEqual([403, []]);
    expect(page.text).toContain('nobody has confirmed the address there yet');
    await vi.waitFor(async () =>
      expect(await audited(id)).toMatchObject([
        { action: 'sign-in.refuse', outcome: 'DENIED', after: { reason: 'UNCONFIRMED', provider: 'example' } },
      ]),
    );
    // An address that was confirmed before the account got another one proves nothing.
    await app.database.sql('insert into verified_emails (user_id, email) values ($1, $2)', [id, 'old@example.com']);
    expect((await signIn()).page.status).toBe(403);
  });
  it.each([
    ['the Kelvin sign for a k', '\u212Aate'],
    ['a capital that is not of ASCII', '\u00C9ate'],
    ['a letter in two parts', 'e\u0301ate'],
  ])('does not take an address with %s for another that Unicode makes of it', async (_what, local) => {
    const id = randomUUID();
    const rest = `${id}@example.com`;
    const email = local.normalize('NFC').toLowerCase() + rest;
    await app.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Kate')`, [id, email]);
    await app.database.sql('insert into verified_emails (user_id, email) values ($1, $2)', [id, email]);
    provider.person = somebody({ email: local + rest });
    const { page } = await signIn();
    expect([page.status, await linksOf(id)]).toEqual([403, []]);
    provider.person = somebody({ email: ` ${email.replace('@example', '@EXAMPLE')} ` });
    await signIn();
    expect(await linksOf(id)).toMatchObject([{ issuer: provider.url }]);
  });
  it('does not take the next owner of an address for the one before', async () => {
    const { id, email } = await person();
    await link(id, 'the one before');
    provider.person = somebody({ email });
    const { page } = await signIn();
    expect(page.status).toBe(403);
    expect(page.text).toContain('belongs to somebody else at Example');
    expect(await linksOf(id)).toHaveLength(1);
  });
  it('makes no account where that is turned off; what its userinfo endpoint says counts as well', async () => {
    const { id, email } = await person();
    other.person = { sub: randomUUID() };
    other.userinfo = { email: `${randomUUID()}@example.com`, email_verified: true };
    const stranger = await signIn('other', other);
    expect(stranger.page.status).toBe(403);
    expect(stranger.page.text).toContain('There is no account with your e-mail address.');
    expect(await accountsWith(String(other.userinfo.email))).toEqual([]);
    other.userinfo = { email, email_verified: true };
    expect((await signIn('other', other)).claims).toMatchObject({ sub: id });
    // Of somebody else than the ID token is about.
    other.person = { sub: randomUUID() };
    other.userinfo = { ...other.userinfo, sub: 'somebody else' };
    expect((await signIn('other', other)).page.text).toContain('has not confirmed your e-mail address');
  });
  it('leaves a suspended account and one that was closed outside', async () => {
    const [suspended, closed] = [await person(), await person()];
    await app.database.sql(`update users set status = 'SUSPENDED' where id = $1`, [suspended.id]);
    provider.person = somebody({ email: suspended.email });
    expect((await signIn()).page.text).toContain('This account is suspended');
    expect(await linksOf(suspended.id)).toEqual([]);
    await link(suspended.id, provider.person.sub!);
    expect((await signIn()).page.text).toContain('This account is suspended');
    provider.person = somebody();
    await link(closed.id, provider.person.sub!);
    await app.database.sql('update users set deleted_at = now() where id = $1', [closed.id]);
    expect((await signIn()).page.text).toContain('was closed');
  });
  it('asks for the second factor of the account, and links nothing before', async () => {
    const { id, email } = await person();
    const account = (await app.app.get(Accounts).find(id))!;
    const totp = app.app.get(Totp);
    const offer = totp.offer(account, 'Tandem');
    const app_ = new TOTP({ secret: Secret.fromBase32(offer.secret) });
    await app.app.get(Database).transaction((em) => totp.enable(em, id, offer.sealed, app_.generate()));
    provider.person = somebody({ email, amr: ['mfa'], acr: 'urn:tandem:mfa' });
    const { verifier, challenge } = pkce();
    const who = browser();
    const page = await thereAndBack(who, await begin(who, web, challenge));
    expect(page.path).toMatch(/\/second-factor$/);
    expect(await linksOf(id)).toEqual([]);
    await who.submit(page, { code: app_.generate({ timestamp: Date.now() + 30_000 }) }, '/second-factor');
    const tokens = (await exchange(instances, web, who.left!.searchParams.get('code')!, verifier)).body;
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: id,
      amr: ['fed', 'otp', 'mfa'],
      acr: 'urn:tandem:mfa',
    });
    expect(await linksOf(id)).toHaveLength(1);
  });
  it('makes one account when one person comes many times at once', async () => {
    provider.person = somebody();
    const all = await Promise.all(Array.from({ length: 6 }, () => signIn()));
    expect(new Set(all.map(({ claims }) => claims?.sub)).size).toBe(1);
    const [account] = await accountsWith(String(provider.person.email));
    expect(await linksOf(account.id)).toHaveLength(1);
    // And links one account once.
    const { id, email } = await person();
    provider.person = somebody({ email });
    const linked = await Promise.all(Array.from({ length: 6 }, () => signIn()));
    expect(linked.map(({ claims }) => claims?.sub)).toEqual(Array.from({ length: 6 }, () => id));
    expect(await linksOf(id)).toHaveLength(1);
  });
  it('says whom the app expects, in which language, and that somebody has to show it anew', async () => {
    const who = browser();
    provider.person = somebody();
    const ask = async (more: Record<string, string>) => {
      who.left = undefined;
      const page = await thereAndBack(who, await begin(who, { ...web, more }));
      return { page, request: provider.requests.at(-1)! };
    };
    const first = await ask({ login_hint: 'ada@example.com', ui_locales: 'ar' });
    expect(Object.fromEntries(first.request)).toMatchObject({
      login_hint: 'ada@example.com',
      ui_locales: 'ar',
      scope: 'openid profile email',
    });
    expect(first.request.has('prompt')).toBe(false);
    provider.spoiled = { auth_time: Math.floor(Date.now() / 1000) };
    expect((await ask({ prompt: 'login' })).request.get('prompt')).toBe('login');
    expect(who.left).toBeDefined();
    // It was some time ago, whatever the provider was asked for.
    provider.spoiled = { auth_time: Math.floor(Date.now() / 1000) - 3600 };
    expect((await ask({ prompt: 'login' })).page.status).toBe(422);
    expect(who.left).toBeUndefined();
  });
  it('shows its buttons and pages in five languages', async () => {
    const who = browser();
    const page = await begin(who);
    const texts: Record<string, string> = {
      en: 'Sign in with Example',
      de: 'Mit Example anmelden',
      es: 'Iniciar sesión con Example',
      ar: 'تسجيل الدخول عبر Example',
      ja: 'Example でログイン',
    };
    for (const [language, text] of Object.entries(texts))
      for (const path of [page.path, `${page.path}/register`]) {
        const shown = await who.get(`${path}?lang=${language}`);
        expect(shown.text).toContain(text);
        expect(shown.html).toContain('Other &lt;b&gt;');
        expect(shown.html).toContain(`dir="${language === 'ar' ? 'rtl' : 'ltr'}"`);
      }
  });
});

describe('what comes back from a provider', () => {
  const friendly = (page: ShownPage) => [page.status, page.title];
  const over = [410, 'This sign-in is over · Tandem'];

  it('works in two tabs at once, and a button that is pressed twice counts once', async () => {
    provider.person = somebody();
    const who = browser();
    const [one, two] = [await begin(who), await begin(who)];
    const [first, pressedAgain, second] = [await there(who, one), await there(who, one), await there(who, two)];
    expect(friendly(await who.get(first.href))).toEqual(over);
    for (const back of [second, pressedAgain]) {
      who.left = undefined;
      await who.get(back.href);
      expect(who.left!.searchParams.get('code')).toBeTruthy();
    }
  });
  it('is worth nothing in another browser: nobody signs anybody else in', async () => {
    provider.person = somebody();
    const attacker = browser();
    const back = await there(attacker, await begin(attacker));
    const victim = browser();
    const page = await begin(victim);
    expect(friendly(await victim.get(back.href))).toEqual(over);
    await there(victim, page);
    expect(friendly(await victim.get(back.href))).toEqual(over);
    expect((await victim.get('/account')).path).toMatch(/^\/sign-in\//);
  });
  it('is worth nothing where cookies of another browser were planted', async () => {
    provider.person = somebody();
    const attacker = browser();
    const back = await there(attacker, await begin(attacker));
    const victim = browser();
    await begin(victim);
    for (const cookie of await attacker.jar.getCookies(publicUrl, { allPaths: true }))
      // Over https nobody can plant this one (`__Host-`).
      if (cookie.key !== 'tandem_browser') await victim.jar.setCookie(cookie, publicUrl);
    expect(friendly(await victim.get(back.href))).toEqual(over);
    expect(victim.left).toBeUndefined();
  });
  it('does not come twice, and Back is friendly', async () => {
    provider.person = somebody();
    const who = browser();
    const page = await begin(who);
    const back = await there(who, page);
    await who.get(back.href);
    expect(who.left).toBeDefined();
    const asked = provider.asked.length;
    expect(friendly(await who.get(back.href))).toEqual(over);
    expect(friendly(await who.get(`${page.path}/with/example`))).toEqual(over);
    expect(friendly(await who.get(page.path))).toEqual(over);
    expect(provider.asked.length).toBe(asked);
  });
  it('before the answer Back leads to the sign-in, and so does reloading the page that led away', async () => {
    const who = browser();
    const page = await begin(who);
    await there(who, page);
    for (const path of [page.path, `${page.path}/with/example`])
      expect((await who.get(path)).title).toBe('Sign in · Tandem');
  });
  it('needs the state that it was sent with, of this provider', async () => {
    provider.person = other.person = somebody();
    const who = browser();
    const page = await begin(who);
    for (const spoil of [
      (back: URL) => back.searchParams.set('state', 'made-up'),
      (back: URL) => back.searchParams.set('state', `${back.searchParams.get('state')!.split('.')[0]}.made-up`),
      (back: URL) => back.searchParams.delete('state'),
      (back: URL) => (back.pathname = back.pathname.replace('/example/', '/other/')),
    ]) {
      const back = await there(who, page);
      spoil(back);
      expect(friendly(await who.get(back.href))).toEqual(over);
    }
    expect(who.left).toBeUndefined();
  });
  it('is over after a quarter of an hour', async () => {
    provider.person = somebody();
    const who = browser();
    const back = await there(who, await begin(who));
    vi.useFakeTimers({ now: Date.now() + 16 * 60_000, toFake: ['Date'] });
    try {
      expect(friendly(await who.get(back.href))).toEqual(over);
    } finally {
      vi.useRealTimers();
    }
  });
  it('may be that somebody does not want to, or any other error', async () => {
    const who = browser();
    const page = await begin(who);
    provider.refusal = 'access_denied';
    const denied = await thereAndBack(who, page);
    expect([denied.status, denied.text]).toEqual([200, expect.stringContaining('You did not sign in with Example.')]);
    provider.refusal = 'server_error';
    const failed = await thereAndBack(who, page);
    expect([failed.status, failed.text]).toEqual([
      422,
      expect.stringContaining('Signing in with Example did not work.'),
    ]);
    provider.refusal = undefined;
    provider.person = somebody();
    // The sign-in goes on all the same.
    await thereAndBack(who, page);
    expect(who.left!.searchParams.get('code')).toBeTruthy();
  });
  it.each<[string, () => void]>([
    ['names another issuer (RFC 9207)', () => (provider.responseIssuer = other.url)],
    ['names no issuer', () => (provider.responseIssuer = null)],
    ['has an ID token of another issuer', () => (provider.spoiled = { iss: other.url })],
    ['has one for another client', () => (provider.spoiled = { aud: 'somebody else' })],
    ['has one for two, and does not say for whom', () => (provider.spoiled = { aud: [provider.clientId, 'another'] })],
    ['has one of another sign-in', () => (provider.spoiled = { nonce: 'another' })],
    ['has one of no sign-in', () => (provider.spoiled = { nonce: undefined })],
    ['has one that has expired', () => (provider.spoiled = { exp: Math.floor(Date.now() / 1000) - 120 })],
    ['has one about nobody', () => (provider.spoiled = { sub: undefined })],
    ['has one about an empty name', () => (provider.spoiled = { sub: '' })],
    ['has one about too long a name', () => (provider.spoiled = { sub: 'x'.repeat(256) })],
    ['has one that nobody signed', () => (provider.signature = 'none')],
    ['has one that is signed with our own secret', () => (provider.signature = 'client-secret')],
    ['has one of a key that is not published', () => (provider.signature = 'hidden-key')],
    ['is nonsense', () => provider.modeAt('/token', 'garbage')],
    ['is a failure', () => provider.modeAt('/token', 'failing')],
  ])('is refused when it %s', async (_what, spoil) => {
    provider.person = somebody();
    spoil();
    const { page, who } = await signIn();
    expect([page.status, who.left]).toEqual([422, undefined]);
    expect(page.text).toContain('Signing in with Example did not work.');
    expect(await accountsWith(String(provider.person.email))).toEqual([]);
  });
  it('is refused with a code that was meant for another browser, although the state is right', async () => {
    provider.person = somebody();
    const [thief, owner] = [browser(), browser()];
    const stolen = await there(owner, await begin(owner));
    const back = await there(thief, await begin(thief));
    back.searchParams.set('code', stolen.searchParams.get('code')!);
    const page = await thief.get(back.href);
    expect([page.status, thief.left]).toEqual([422, undefined]);
  });
  it('leaves its provider and a reason in the log, and nothing that came with it', async () => {
    const { logger } = app.app.get<{ logger: { warn: (...args: unknown[]) => void } }>(ProviderPages, {
      strict: false,
    });
    const warn = vi.spyOn(logger, 'warn');
    try {
      provider.person = somebody();
      const secrets = [provider.clientSecret, String(provider.person.email), provider.person.sub!];
      for (const spoil of [
        () => (provider.refusal = 'access_denied'),
        () => (provider.refusal = 'canary <b>'),
        () => (provider.responseIssuer = 'https://canary.example'),
        () => (provider.spoiled = { nonce: 'canary' }),
        () => (provider.spoiled = { aud: 'canary' }),
        () => (provider.signature = 'client-secret'),
        () => provider.modeAt('/token', 'garbage'),
        () => provider.modeAt('/token', 'away'),
      ]) {
        const person = provider.person;
        provider.reset();
        provider.person = person;
        spoil();
        warn.mockClear();
        const who = browser();
        const back = await there(who, await begin(who));
        secrets.push(...['code', 'state'].map((name) => back.searchParams.get(name) ?? 'canary'));
        await who.get(back.href);
        expect(warn).toHaveBeenCalledWith(
          { provider: 'example', kind: expect.any(String), reason: expect.any(String) },
          expect.any(String),
        );
        for (const secret of [...secrets, 'canary']) expect(JSON.stringify(warn.mock.calls)).not.toContain(secret);
      }
    } finally {
      warn.mockRestore();
    }
  });
  it('leads nowhere else: neither path nor query of the answer name an address', async () => {
    provider.person = somebody();
    const who = browser();
    const back = await there(who, await begin(who));
    back.searchParams.set('redirect_uri', 'https://evil.example/');
    back.searchParams.set('next', '//evil.example');
    await who.get(back.href);
    expect(who.left!.origin).toBe(new URL(web.redirectUri).origin);
    expect((await browser().get('/sign-in/with/nobody/callback?code=1&state=2')).status).toBe(404);
  });
  it('is not sent for without a form of ours', async () => {
    const who = browser();
    const page = await begin(who);
    const asked = provider.asked.length;
    const form = who.formOf(page, '/with/example');
    for (const [fields, headers] of [
      [{}, {}],
      [{ ...form.fields, _token: 'made up' }, {}],
      [who.formOf(page, '/with/other').fields, {}],
      [form.fields, { origin: 'https://evil.example' }],
    ] as [Record<string, string>, Record<string, string>][])
      expect((await who.post(form.action, fields, headers)).status).toBe(403);
    expect((await browser().post(form.action, form.fields)).status).toBe(410);
    expect(provider.asked.length).toBe(asked);
  });
  it('counts as a try at signing in, unless it was one that succeeded', async () => {
    provider.person = somebody();
    const spent = () =>
      app.database.sql<{ n: number }>(`select coalesce(sum(cardinality(tries)), 0)::int n from attempts`);
    await signIn();
    expect(await spent()).toEqual([{ n: 0 }]);
    provider.refusal = 'access_denied';
    const who = browser();
    const page = await begin(who);
    await thereAndBack(who, page);
    // The start and the answer, each of the network and of its neighbourhood.
    expect(await spent()).toEqual([{ n: 4 }]);
    for (let tries = 2; tries < 60; tries++) await who.submit(page, {}, '/with/example');
    const refused = await who.submit(page, {}, '/with/example');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.any(String)]);
    expect(refused.text).toContain('Too many tries.');
  });
});

describe('a provider in trouble', () => {
  it('that is away gives a friendly page; the others go on, and it does as soon as it answers', async () => {
    gone.mode = 'away';
    gone.person = provider.person = somebody();
    const who = browser();
    const page = await begin(who);
    const shown = await who.submit(page, {}, '/with/gone');
    expect([shown.status, shown.text]).toEqual([503, expect.stringContaining('Gone does not answer right now.')]);
    for (const mode of ['garbage', 'huge', 'failing'] as const) {
      later += 11_000;
      gone.mode = mode;
      expect((await who.submit(page, {}, '/with/gone')).status).toBe(503);
    }
    // Whoever presses again and again does not press on the provider.
    const asked = gone.asked.length;
    for (let i = 0; i < 3; i++) expect((await who.submit(page, {}, '/with/gone')).status).toBe(503);
    expect(gone.asked.length).toBe(asked);
    expect((await signIn()).tokens).toBeDefined();
    gone.mode = 'well';
    later += 11_000;
    expect((await signIn('gone', gone)).tokens).toBeDefined();
  });
  it('known keys go on working while those of the provider are slow, nonsense or away, and it is asked once a minute', async () => {
    provider.person = somebody();
    expect((await signIn()).tokens).toBeDefined();
    for (const mode of ['hanging', 'garbage', 'failing', 'away'] as const) {
      provider.modeAt('/keys', mode);
      later += 11 * 60_000;
      const background = app.app.get(SignInProviders).keepUp();
      expect((await signIn()).tokens).toBeDefined();
      provider.modeAt('/keys', 'well');
      await background;
    }
    provider.modeAt('/keys', 'garbage');
    later += 61_000;
    const before = provider.fetches;
    provider.signature = 'hidden-key';
    for (let i = 0; i < 4; i++) expect((await signIn()).page.status).toBe(422);
    expect(provider.fetches - before).toBeLessThanOrEqual(1);
  });
  it('may replace its keys: the new one is asked for, the one that is gone signs nobody in', async () => {
    provider.person = somebody();
    expect((await signIn()).tokens).toBeDefined();
    const [first] = [...provider.keys.keys()];
    await provider.addKey('RS256');
    later += 61_000;
    expect((await signIn()).tokens).toBeDefined();
    provider.removeKey(first);
    later += 11 * 60_000;
    await app.app.get(SignInProviders).keepUp();
    const before = provider.fetches;
    provider.signature = 'hidden-key';
    later += 61_000;
    expect((await signIn()).page.status).toBe(422);
    expect(provider.fetches - before).toBe(1);
  });
  it('whose token endpoint hangs is given up on in a friendly way', async () => {
    provider.person = somebody();
    const who = browser();
    const back = await there(who, await begin(who));
    provider.modeAt('/token', 'hanging');
    const page = await who.get(back.href);
    expect([page.status, page.text]).toEqual([503, expect.stringContaining('Example does not answer right now.')]);
  });
  it('its discovery document is read anew each hour, and the one before counts when that fails', async () => {
    const reads = () => provider.asked.filter((path) => path.startsWith('/.well-known')).length;
    const before = reads();
    provider.person = somebody();
    later += 61 * 60_000;
    provider.modeAt('/.well-known/openid-configuration', 'garbage');
    await app.app.get(SignInProviders).keepUp();
    expect(reads()).toBe(before + 1);
    expect((await signIn()).tokens).toBeDefined();
  });
});

describe('providers of an account', () => {
  /** Signed in in a browser, just now. */
  async function signedIn(address: string, typed = password) {
    const who = browser();
    const page = await begin(who);
    await who.submit(page, { email: address, password: typed });
    expect(who.left).toBeDefined();
    return who;
  }
  const pageOf = (who: FormBrowser) => who.get('/account/providers');
  const seconds = () => Math.floor(Date.now() / 1000);
  /** Shows the provider once more that it is them; `authTime` is when it says that it was. */
  async function confirm(who: FormBrowser, authTime?: number): Promise<ShownPage> {
    const page = await pageOf(who);
    expect(page.path).toBe('/account/confirm?next=%2Faccount%2Fproviders');
    expect(page.text).not.toContain('neither password nor passkey');
    provider.spoiled = { auth_time: authTime };
    const going = await who.submit(page, {}, '/account/confirm/provider');
    return who.get((await provider.through(leadsTo(going))).href);
  }
  async function addExample(who: FormBrowser): Promise<ShownPage> {
    const page = await pageOf(who);
    const going = await who.submit(page, { provider: 'example' }, '/account/providers');
    return who.get((await provider.through(leadsTo(going))).href);
  }
  it('are listed, added and removed on its page; mail and trail tell of it, and other devices are signed out', async () => {
    const { id, email } = await person();
    // The address is of no matter here.
    provider.person = { sub: randomUUID(), email: 'somewhere@else.example' };
    const [who, elsewhere] = [await signedIn(email), await signedIn(email)];
    expect((await who.get('/account')).text).toContain('You sign in without other providers.');
    const added = await addExample(who);
    expect(added.path).toBe('/account?done=provider-added');
    expect(added.text).toContain('You can sign in with Example.');
    const changed = 'How you sign in was changed';
    expect((await mailbox.next(email, changed)).text).toMatch(/signing in with .?Example.? was just added/);
    expect((await signIn()).claims).toMatchObject({ sub: id });
    const page = await pageOf(who);
    expect(page.text).toMatch(/Example since \w{3} \d/);
    const removed = await who.submit(page, {}, '/account/providers/remove');
    expect(removed.path).toBe('/account?done=provider-removed');
    expect(await linksOf(id)).toEqual([]);
    await mailbox.next(email, changed);
    expect((await elsewhere.get('/account')).path).toMatch(/^\/sign-in\//);
    expect((await audited(id)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['identity.link', 'identity.unlink']),
    );
  });
  it('that belong to another account are not taken from it', async () => {
    const [one, two] = [await person(), await person()];
    provider.person = somebody();
    await link(one.id, provider.person.sub!);
    const page = await addExample(await signedIn(two.email));
    expect([page.status, page.text]).toEqual([409, expect.stringContaining('belongs to another account here')]);
    expect([await linksOf(one.id), await linksOf(two.id)]).toMatchObject([[{ issuer: provider.url }], []]);
  });
  it('are not added to by somebody else in the same browser, in another one, or without a form', async () => {
    const [one, two] = [await person(), await person()];
    provider.person = somebody();
    const who = await signedIn(one.email);
    const going = await who.submit(await pageOf(who), { provider: 'example' }, '/account/providers');
    const back = await provider.through(leadsTo(going));
    const attacker = await signedIn(two.email);
    expect((await attacker.get(back.href)).status).toBe(410);
    expect((await attacker.post('/account/providers', { provider: 'example' })).status).toBe(403);
    await who.get('/oauth/logout').then((page) => who.submit(page, { logout: 'yes' }, '/confirm'));
    expect((await who.get(back.href)).status).toBe(410);
    expect([await linksOf(one.id), await linksOf(two.id)]).toEqual([[], []]);
  });
  it('ask for the password again after ten minutes', async () => {
    const { email } = await person();
    const who = await signedIn(email);
    vi.useFakeTimers({ now: Date.now() + 11 * 60_000, toFake: ['Date'] });
    try {
      expect((await pageOf(who)).path).toBe('/account/confirm?next=%2Faccount%2Fproviders');
    } finally {
      vi.useRealTimers();
    }
  });
  it('show once more who it is, for an account that has nothing else, also just after it signed in', async () => {
    provider.person = somebody();
    const { who, claims } = await signIn();
    // Whoever sits at the browser may be signed in there, too: it has to be said that they were asked.
    expect((await confirm(who)).status).toBe(422);
    expect((await confirm(who, seconds() - 600)).status).toBe(422);
    expect(Object.fromEntries(provider.requests.at(-1)!)).toMatchObject({ prompt: 'login', max_age: '0' });
    const { sub } = provider.person;
    provider.person = { ...provider.person, sub: randomUUID() };
    expect((await confirm(who, seconds())).status).toBe(409);
    provider.person = { ...provider.person, sub };
    const confirmed = await confirm(who, seconds());
    expect([confirmed.path, confirmed.status]).toEqual(['/account/providers', 200]);
    expect(await linksOf(claims!.sub)).toHaveLength(1);
  });
  it('are not open to who only comes back from a provider that asked nobody', async () => {
    const { id, email } = await person();
    const who = await signedIn(email);
    expect((await pageOf(who)).path).toBe('/account/providers');
    provider.person = somebody({ email });
    await link(id, provider.person.sub!);
    await who.get('/oauth/logout').then((page) => who.submit(page, { logout: 'yes' }, '/confirm'));
    await signIn('example', provider, who);
    for (const path of ['providers', 'password', 'passkeys', 'authenticator', 'recovery-codes'])
      expect((await who.get(`/account/${path}`)).path).toBe(`/account/confirm?next=%2Faccount%2F${path}`);
    const opened = await who.submit(await pageOf(who), { password }, '/account/confirm');
    expect([opened.path, opened.status]).toEqual(['/account/providers', 200]);
  });
  it('are open to who has just shown a second factor as well', async () => {
    const { id, email } = await person();
    const account = (await app.app.get(Accounts).find(id))!;
    const totp = app.app.get(Totp);
    const offer = totp.offer(account, 'Tandem');
    const codes = new TOTP({ secret: Secret.fromBase32(offer.secret) });
    await app.app.get(Database).transaction((em) => totp.enable(em, id, offer.sealed, codes.generate()));
    provider.person = somebody({ email });
    const { who, page } = await signIn();
    await who.submit(page, { code: codes.generate({ timestamp: Date.now() + 30_000 }) }, '/second-factor');
    expect((await pageOf(who)).path).toBe('/account/providers');
  });
  it('the last way in stays, also when two are removed at once', async () => {
    provider.person = somebody();
    const { who, claims } = await signIn();
    const id = claims!.sub!;
    await confirm(who, seconds());
    const refused = await who.submit(await pageOf(who), {}, '/account/providers/remove');
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('the only way into your account')]);
    expect(await linksOf(id)).toHaveLength(1);
    await link(id, 'elsewhere', other);
    const page = await pageOf(who);
    const forms = [...page.html.matchAll(/name="id" value="([^"]*)"/g)].map(([, value]) => value);
    expect(forms).toHaveLength(2);
    const answers = await Promise.all(forms.map((form) => who.submit(page, { id: form }, '/account/providers/remove')));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(await linksOf(id)).toHaveLength(1);
    await app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [id, hash]);
    await who.submit(await pageOf(who), {}, '/account/providers/remove');
    expect(await linksOf(id)).toEqual([]);
  });
  it('a passkey that is the last way in stays, too', async () => {
    provider.person = somebody();
    const { who, claims } = await signIn();
    const id = claims!.sub!;
    await confirm(who, seconds());
    await app.database.sql(
      `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, label)
       values ($1, $1, 'a credential', '', 0, '{}', false, 'phone')`,
      [id],
    );
    await who.submit(await pageOf(who), {}, '/account/providers/remove');
    expect(await linksOf(id)).toEqual([]);
    const passkeys = await who.get('/account/passkeys');
    const refused = await who.submit(passkeys, {}, '/account/passkeys/remove');
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('the only way into your account')]);
    expect(refused.text).toContain('phone');
    expect((await audited(id)).map(({ action }) => action)).not.toContain('passkey.remove');
    await app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [id, hash]);
    expect((await who.submit(passkeys, {}, '/account/passkeys/remove')).path).toBe('/account?done=passkey');
  });
  it('only those of the account are removed', async () => {
    const [one, two] = [await person(), await person()];
    const { id } = await link(one.id, randomUUID());
    await link(two.id, randomUUID());
    const who = await signedIn(two.email);
    for (const wrong of [id, 'nonsense', ''])
      expect((await who.submit(await pageOf(who), { id: wrong }, '/account/providers/remove')).path).toBe(
        '/account/providers',
      );
    expect(await linksOf(one.id)).toHaveLength(1);
  });
});
