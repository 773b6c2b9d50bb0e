import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer as createWebServer, type Server as WebServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import issuerAr from '../../libs/oidc/locales/ar.json' with { type: 'json' };
import issuerEn from '../../libs/oidc/locales/en.json' with { type: 'json' };
import { TestMailbox } from '../../libs/testing/mailbox.js';
import { SignInIssuer } from '../../libs/testing/sign-in-issuer.js';
import identityAr from '../../src/identity/locales/ar.json' with { type: 'json' };
import identityEn from '../../src/identity/locales/en.json' with { type: 'json' };
import { PasswordHashes } from '../../src/identity/passwords/password-hashes.js';
import { TestApp } from '../harness/test-app.js';
import { projectRoot } from '../launcher/launched.js';
import { doorTo } from './door.js';

const executablePath = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath)
  console.warn('No Chromium here: signing in is not tested in a browser. Install `chromium`, or name one in CHROMIUM.');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = join(projectRoot, 'docs/screenshots');
const password = 'correct horse battery';
const weatherSite = 'https://weather.example/in';
const texts = { en: { ...identityEn, ...issuerEn }, ar: { ...identityAr, ...issuerAr } };

describe.skipIf(!executablePath)('signing in in Chromium', () => {
  let mailbox: TestMailbox;
  let provider: SignInIssuer;
  let door: Server;
  let app: TestApp;
  let url: string;
  /** Where the browser ends up: two apps at one address. */
  let appServer: WebServer;
  let callback: string;
  /** Registered by an admin, with a site that the browser sets out for and does not find. */
  let weather: string;
  let hash: string;
  let chrome: Browser;
  let context: BrowserContext;
  let page: Page;
  /** Errors of scripts, and whatever a policy stopped. */
  const complaints: string[] = [];
  const origins = new Set<string>();

  beforeAll(async () => {
    mailbox = await TestMailbox.start();
    provider = await SignInIssuer.start();
    appServer = createWebServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<p>the app</p>'),
    );
    await new Promise<void>((resolve) => appServer.listen(0, '127.0.0.1', resolve));
    const appUrl = `http://localhost:${(appServer.address() as AddressInfo).port}`;
    callback = `${appUrl}/callback`;
    door = await doorTo(() => Number(new URL(app.url).port));
    url = `http://localhost:${(door.address() as AddressInfo).port}`;
    app = await TestApp.start({
      env: {
        SMTP_URL: mailbox.url,
        ROLE: 'all',
        PUBLIC_URL: url,
        WEB_REDIRECT_URIS: callback,
        EGRESS_ALLOW: '127.0.0.1/32',
        SIGN_IN_PROVIDERS: JSON.stringify([
          {
            id: 'example',
            name: 'Example',
            issuer: provider.url,
            clientId: provider.clientId,
            clientSecret: provider.clientSecret,
          },
        ]),
      },
    });
    const adminId = randomUUID();
    await app.database.sql(
      `insert into users (id, email, display_name, roles) values ($1, 'admin@example.com', 'Admin', '{customer,admin}')`,
      [adminId],
    );
    const { status, text, body } = await (
      await app.as('admin', adminId)
    ).post('/v1/clients', {
      name: 'Weather',
      kind: 'WEB',
      redirectUris: [weatherSite],
      postLogoutRedirectUris: [weatherSite],
      scopes: ['openid', 'email', 'users:read', 'notifications:read'],
    });
    if (status !== 201) throw new Error(text);
    weather = body.clientId as string;
    hash = await app.app.get(PasswordHashes).hash(password);
    chrome = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--host-resolver-rules=MAP weather.example ~NOTFOUND',
      ],
    });
  });
  afterAll(async () => {
    await chrome?.close();
    await app?.stop();
    door?.close();
    appServer?.close();
    await mailbox?.stop();
    await provider?.stop();
  });
  beforeEach(async () => {
    await app.database.sql('truncate attempts, attempt_totals');
    await open();
  });
  async function open(options: BrowserContextOptions = {}) {
    await context?.close();
    context = await chrome.newContext({ viewport: { width: 420, height: 760 }, locale: 'en', ...options });
    page = await tab();
  }
  async function tab() {
    const opened = await context.newPage();
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('console', (message) => {
      // The console tells of answers such as 422 too, which are part of the pages.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
    opened.on('request', (request) => request.url().startsWith('http') && origins.add(new URL(request.url()).origin));
    return opened;
  }
  async function person() {
    const [id, email] = [randomUUID(), `${randomUUID().slice(0, 8)}@example.com`];
    await app.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada Lovelace')`, [id, email]);
    await app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [id, hash]);
    return { id, email };
  }
  function authorization(more: Record<string, string> = {}) {
    const query = new URLSearchParams({
      client_id: 'tandem-web',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid profile email',
      state: 'x',
      code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    return `${url}/oauth/authorize?${query.toString()}`;
  }
  async function enter(email: string, typed = password, on = page) {
    await on.locator('#email').fill(email);
    await on.locator('#password').fill(typed);
    await on.locator('form:has(#password) button[type=submit]').click();
  }
  const backAtApp = (on = page) => on.waitForURL((address) => address.href.startsWith(callback));
  const codeOf = (on = page) => new URL(on.url()).searchParams.get('code');
  /** What axe finds wrong, by rule and element. */
  async function violations(on = page): Promise<string[]> {
    await on.evaluate(axe);
    const found = (await on.evaluate('axe.run(document)')) as {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    };
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    );
  }
  /** Renewed with `SCREENSHOTS=yes`, so that a run does not change files by itself. */
  async function screenshot(name: string) {
    if (process.env.SCREENSHOTS !== 'yes') return;
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
  async function authenticator() {
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return { cdp, authenticatorId };
  }

  it('registers in the middle of a sign-in, by the link in the mail', async () => {
    const email = `${randomUUID().slice(0, 8)}@example.com`;
    await page.goto(authorization());
    expect(await violations()).toEqual([]);
    await screenshot('sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    expect(await violations()).toEqual([]);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('A mail is on its way').waitFor();
    expect(await violations()).toEqual([]);
    const [link] = (await mailbox.next(email)).links;
    const mail = await tab();
    await mail.goto(link);
    await mail.getByLabel('Your name').fill('Ada Lovelace');
    await mail.getByLabel('New password').first().fill('short');
    // Nothing of the browser's own shall be in the way of what the service says.
    await mail.evaluate('document.querySelectorAll("input").forEach((input) => input.removeAttribute("minlength"))');
    await mail.getByRole('button', { name: 'Create account' }).click();
    await mail.getByText('Use at least 8 characters.').waitFor();
    expect(await mail.evaluate('document.activeElement.id')).toBe('new-password');
    expect(await violations(mail)).toEqual([]);
    await mail.locator('#new-password').fill(password);
    await mail.getByRole('button', { name: 'Create account' }).click();
    await mail.getByRole('heading', { name: 'Your account is ready' }).waitFor();
    expect(await violations(mail)).toEqual([]);
    await mail.getByRole('button', { name: 'Go on' }).click();
    await backAtApp(mail);
    expect(codeOf(mail)).toBeTruthy();
  });
  it('says what is wrong, shows the password when asked, and goes on', async () => {
    const { email } = await person();
    await page.goto(authorization());
    await enter(email, 'wrong horse battery');
    await page.getByText('Address or password is not right.').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('password');
    expect(await page.locator('#email').inputValue()).toBe(email);
    expect(await violations()).toEqual([]);
    await page.locator('#password').fill(password);
    await page.getByRole('button', { name: 'Show: Password' }).click();
    expect(await page.locator('#password').getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Hide: Password' }).waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await backAtApp();
    expect(codeOf()).toBeTruthy();
  });
  it('is friendly after Back, and works in two tabs', async () => {
    const { email } = await person();
    await page.goto(authorization());
    const second = await tab();
    await second.goto(authorization());
    await enter(email);
    await backAtApp();
    await page.goBack();
    await page.getByRole('heading', { name: 'This sign-in is over' }).waitFor();
    expect(await violations()).toEqual([]);
    await enter(email, password, second);
    await backAtApp(second);
    expect(codeOf(second)).toBeTruthy();
  });
  /** What the site is told when this has led the browser there. */
  async function toWeather(work: Promise<unknown>): Promise<URLSearchParams> {
    const request = page.waitForRequest((asked) => asked.url().startsWith(weatherSite));
    await work.catch((error: unknown) => expect(String(error)).toContain('ERR_NAME_NOT_RESOLVED'));
    const { searchParams } = new URL((await request).url());
    // The browser's own page about what it has not found would come between what follows.
    await page.close();
    page = await tab();
    return searchParams;
  }
  it.each(['en', 'ar'] as const)('asks whether an app of somebody else may (%s)', async (locale) => {
    await open({ locale });
    const { email } = await person();
    const ask = (scope: string) => page.goto(authorization({ client_id: weather, redirect_uri: weatherSite, scope }));
    const asked = () => page.getByRole('heading', { name: texts[locale]['identity.consent.title'] }).waitFor();
    const button = (name: keyof typeof identityEn) =>
      page.getByRole('button', { name: texts[locale][name], exact: true });
    await ask('openid email notifications:read');
    await enter(email);
    await asked();
    expect(await page.evaluate('document.documentElement.dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
    expect(await page.locator('.scopes li').allTextContents()).toHaveLength(3);
    expect(await page.locator('.card').first().textContent()).toContain('Weather');
    expect(await violations()).toEqual([]);
    await screenshot(locale === 'en' ? 'consent' : 'consent-arabic');
    expect((await toWeather(button('identity.consent.allow').click())).get('code')).toBeTruthy();
    expect((await toWeather(ask('openid email notifications:read'))).get('code')).toBeTruthy();
    await ask('openid email notifications:read users:read');
    await asked();
    expect(await page.locator('.scopes li').allTextContents()).toHaveLength(2);
    expect((await toWeather(button('identity.consent.deny').click())).get('error')).toBe('access_denied');
  });
  const signOutOf = (app: string, more: Record<string, string> = {}) =>
    page.goto(`${url}/oauth/logout?${new URLSearchParams({ client_id: app, ...more }).toString()}`);
  it.each(['en', 'ar'] as const)('signs out, and does not ask whom nobody is signed in as (%s)', async (locale) => {
    await open({ locale });
    const { email } = await person();
    await page.goto(authorization());
    await enter(email);
    await backAtApp();
    await signOutOf('tandem-web', { post_logout_redirect_uri: new URL('/', callback).href });
    expect(await page.evaluate('document.documentElement.dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: texts[locale]['issuer.sign-out-button'] }).click();
    await page.waitForURL(new URL('/', callback).href);
    await page.goto(authorization());
    await page.locator('#password').waitFor();
    // By itself.
    const back = { post_logout_redirect_uri: weatherSite, state: 'bye' };
    expect((await toWeather(signOutOf(weather, back))).get('state')).toBe('bye');

    await open({ locale, javaScriptEnabled: false });
    await signOutOf(weather, back);
    const goOn = page.getByRole('button', { name: texts[locale]['issuer.go-on'] });
    expect((await toWeather(goOn.click())).get('state')).toBe('bye');
  });
  it.each([true, false])('goes on as somebody else where another one was signed in (scripts: %s)', async (scripts) => {
    await open({ locale: 'ar', javaScriptEnabled: scripts });
    const [first, second] = [await person(), await person()];
    await page.goto(authorization());
    await enter(first.email);
    await backAtApp();
    await page.goto(authorization({ prompt: 'login' }));
    await enter(second.email);
    if (!scripts) {
      await page.getByText(texts.ar['issuer.other-account']).waitFor();
      await page.getByRole('button', { name: texts.ar['issuer.go-on'] }).click();
    }
    await backAtApp();
    expect(codeOf()).toBeTruthy();
    await page.goto(`${url}/account`);
    expect(await page.locator('body').textContent()).toContain(second.email);
  });
  it('shows what went wrong, and who is to be signed out, in the language that somebody chooses', async () => {
    await page.goto(authorization({ client_id: 'nobody' }));
    await page.getByText(texts.en['issuer.error-client']).waitFor();
    await page.getByRole('link', { name: 'العربية' }).click();
    await page.getByText(texts.ar['issuer.error-client']).waitFor();
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl');
    expect(await violations()).toEqual([]);
    const { email } = await person();
    await page.goto(authorization());
    expect(await page.evaluate('document.documentElement.lang')).toBe('ar');
    await enter(email);
    await backAtApp();
    await signOutOf('tandem-web');
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('button', { name: texts.en['issuer.sign-out-button'] }).click();
    await page.getByText(texts.en['issuer.signed-out']).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'العربية' }).click();
    await page.getByText(texts.ar['issuer.signed-out']).waitFor();
  });
  it('replaces a forgotten password', async () => {
    const { email } = await person();
    await page.goto(authorization());
    await page.getByRole('link', { name: 'Forgotten password?' }).click();
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('A mail is on its way').waitFor();
    await page.goto((await mailbox.next(email)).links[0]);
    expect(await violations()).toEqual([]);
    await page.locator('#new-password').fill('another horse battery');
    await page.getByRole('button', { name: 'Save password' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await backAtApp();
    expect(codeOf()).toBeTruthy();
  });
  it('takes a passkey in place of the password, and after it', async () => {
    const { email } = await person();
    const { cdp, authenticatorId } = await authenticator();
    await page.goto(`${url}/account/passkeys`);
    await enter(email);
    await page.getByLabel('Name of the passkey').fill('my laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'Back to your account' }).click();
    await page.getByText('1 passkey.').waitFor();
    expect(await violations()).toEqual([]);
    await screenshot('account');

    // Offered in the field of the address: this authenticator's user takes whatever is offered.
    await context.clearCookies();
    await page.goto(authorization());
    await backAtApp();
    expect(codeOf()).toBeTruthy();

    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false;
    });
    await context.clearCookies();
    await page.goto(authorization());
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await backAtApp();
    expect(codeOf()).toBeTruthy();
    const [stored] = await app.database.sql(
      `select counter, last_used_at from passkeys p join users u on u.id = p.user_id
      where email = $1`,
      [email],
    );
    const [credential] = (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
    expect(Number(stored.counter)).toBe(credential.signCount);
    expect(stored.last_used_at).not.toBeNull();

    await context.clearCookies();
    await page.goto(authorization());
    await enter(email);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await backAtApp();
    expect(codeOf()).toBeTruthy();

    // A copy of the key that has answered less often: its counter stands still.
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
    await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: 0 } });
    await context.clearCookies();
    await page.goto(authorization());
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('That passkey did not work here.').first().waitFor();
    expect(page.url()).not.toContain(callback);

    // Nobody there.
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.goto(authorization());
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('That passkey did not work here.').first().waitFor();
  });
  it('removes a passkey', async () => {
    const { email } = await person();
    await authenticator();
    await page.goto(`${url}/account/passkeys`);
    await enter(email);
    await page.getByLabel('Name of the passkey').fill('lost phone');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await page.goto(`${url}/account/passkeys`);
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Remove the passkey lost phone' }).click();
    await page.getByText('The passkey is removed.').waitFor();
    await page.getByText('No passkeys yet.').waitFor();
  });
  it('takes the code of an authenticator app', async () => {
    const { email } = await person();
    await page.goto(`${url}/account/authenticator`);
    await enter(email);
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    expect(await violations()).toEqual([]);
    await screenshot('authenticator');
    const secret = Secret.fromBase32((await page.locator('code').textContent())!.replaceAll(' ', ''));
    const codeIn = (seconds: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + seconds * 1000 });
    await page.getByLabel('Code', { exact: true }).fill(codeIn(0));
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    await context.clearCookies();
    await page.goto(authorization());
    await enter(email);
    await page.getByLabel('Code', { exact: true }).fill(codeIn(30));
    await page.getByRole('button', { name: 'Go on' }).click();
    await backAtApp();
    expect(codeOf()).toBeTruthy();
  });
  it('asks nobody whether a form shall be sent again, after Back and after reloading', async () => {
    const { email } = await person();
    await page.goto(`${url}/account`);
    await enter(email, 'wrong horse battery');
    await page.getByText('Address or password is not right.').waitFor();
    const isShownAgain = async (text: string, problem: string) => {
      await page.getByText(text).waitFor();
      expect(await page.getByText(problem).count()).toBe(0);
    };
    await page.reload();
    await isShownAgain('Forgotten password?', 'Address or password is not right.');
    await enter(email, 'wrong horse battery');
    await page.getByText('Address or password is not right.').waitFor();
    await page.getByRole('link', { name: 'Forgotten password?' }).click();
    await page.getByRole('button', { name: 'Send the link' }).waitFor();
    await page.goBack();
    await isShownAgain('Forgotten password?', 'Address or password is not right.');
    await enter(email);
    await page.getByRole('heading', { name: 'Your account' }).waitFor();

    await page.goto(`${url}/account/authenticator`);
    await page.getByLabel('Code', { exact: true }).fill('no');
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText(texts.en['identity.second-factor.wrong']).waitFor();
    await page.getByRole('link', { name: 'Back to your account' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await page.goBack();
    await isShownAgain('The six digits that the app shows now.', texts.en['identity.second-factor.wrong']);
  });
  it('control: where no scripts run, reloading sends the form again', async () => {
    await open({ javaScriptEnabled: false });
    const { email } = await person();
    await page.goto(`${url}/account`);
    await enter(email, 'wrong horse battery');
    await page.getByText('Address or password is not right.').waitFor();
    const sent = page.waitForRequest((asked) => asked.isNavigationRequest());
    await page.reload();
    expect((await sent).method()).toBe('POST');
  });
  it('signs in with a provider, and adds and removes it on the account page', async () => {
    provider.person = { sub: randomUUID(), email: `${randomUUID().slice(0, 8)}@example.com`, email_verified: true };
    // Signed in there, so that it sends everybody straight back; then with a page of its own.
    for (provider.asks of [false, true]) {
      await open();
      await page.goto(authorization());
      await page.getByRole('button', { name: 'Sign in with Example' }).click();
      if (provider.asks) {
        await page.locator('#go').waitFor();
        await page.goBack();
        await page.getByRole('button', { name: 'Sign in with Example' }).click();
        await page.locator('#go').click();
      }
      await backAtApp();
      expect(codeOf()).toBeTruthy();
    }
    provider.asks = false;
    provider.refusal = 'access_denied';
    await open();
    await page.goto(authorization());
    await page.getByRole('button', { name: 'Sign in with Example' }).click();
    await page.getByText('You did not sign in with Example.').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'Back to sign-in' }).click();
    provider.refusal = undefined;

    const { email } = await person();
    provider.person = { sub: randomUUID() };
    await enter(email);
    await backAtApp();
    await page.goto(`${url}/account`);
    await page.getByRole('link', { name: 'Add or remove providers' }).click();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Add Example' }).click();
    await page.getByText('You can sign in with Example.').waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('link', { name: 'Add or remove providers' }).click();
    await page.getByRole('button', { name: 'Remove Example' }).waitFor();
    expect(await violations()).toEqual([]);
    await screenshot('providers');
    await page.getByRole('button', { name: 'Remove Example' }).click();
    await page.getByText('You sign in without other providers.').waitFor();
  });
  it('shows where it leads when the browser does not go on by itself, and goes there without scripts', async () => {
    provider.person = { sub: randomUUID(), email: `${randomUUID().slice(0, 8)}@example.com`, email_verified: true };
    // An answer that leaves the browser where it is.
    const authorize = `${provider.url}/authorize?**`;
    await page.route(authorize, (route) => route.fulfill({ status: 204 }));
    await page.goto(authorization());
    await page.getByRole('button', { name: 'Sign in with Example' }).click();
    await page.getByRole('heading', { name: 'On to Example' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.unroute(authorize);
    await page.getByRole('link', { name: 'Go on to Example' }).click();
    await backAtApp();
    await open({ javaScriptEnabled: false });
    await page.goto(authorization({ ui_locales: 'ar' }));
    await page.getByRole('button', { name: 'Example' }).click();
    await backAtApp();
    expect(codeOf()).toBeTruthy();
  });
  it('works in Arabic, from right to left', async () => {
    await open({ locale: 'ar' });
    const { email } = await person();
    await page.goto(authorization());
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl');
    expect(await violations()).toEqual([]);
    await screenshot('sign-in-arabic');
    await enter(email, 'wrong horse battery');
    await page.getByRole('alert').filter({ hasText: 'غير صحيح' }).waitFor();
    await page.getByRole('link', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    await page.getByRole('link', { name: 'العربية' }).click();
    await enter(email);
    await backAtApp();
    expect(codeOf()).toBeTruthy();
  });
  it('works without scripts', async () => {
    await open({ javaScriptEnabled: false });
    const email = `${randomUUID().slice(0, 8)}@example.com`;
    await page.goto(authorization());
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
    expect(await page.locator('.reveal').isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.locator('#email').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.goto((await mailbox.next(email)).links[0]);
    await page.locator('#name').fill('Grace Hopper');
    await page.locator('#new-password').fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await backAtApp();
    expect(codeOf()).toBeTruthy();
    await context.clearCookies();
    await page.goto(`${url}/account/authenticator`);
    await enter(email);
    await page.getByRole('img', { name: 'QR code' }).waitFor();
  });
  it('can be read in the dark, on a small screen and on a large one', async () => {
    const { email } = await person();
    for (const viewport of [
      { width: 320, height: 568 },
      { width: 1280, height: 800 },
    ]) {
      await open({ colorScheme: 'dark', viewport });
      await page.goto(`${url}/account`);
      expect(await violations()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      if (viewport.width === 320) await screenshot('sign-in-dark');
      await enter(email);
      await page.getByRole('heading', { name: 'Your account' }).waitFor();
      expect(await violations()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
  });
  it('has met no error and no policy, and asked nobody but the service, the apps and the provider', () => {
    expect(complaints).toEqual([]);
    const sites = [url, callback, weatherSite, provider.url].map((site) => new URL(site).origin);
    expect([...origins].toSorted()).toEqual(sites.toSorted());
  });
});
