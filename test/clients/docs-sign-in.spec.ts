import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PasswordHashes } from '../../src/identity/passwords/password-hashes.js';
import { TestApp } from '../harness/test-app.js';
import { claimsOf } from '../issuer/keys.js';
import { doorTo } from './door.js';

const executablePath = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath)
  console.warn('No Chromium here: /graphiql signs nobody in. Install `chromium`, or name one in CHROMIUM.');

const password = 'correct horse battery';
interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly expiresAt: number;
}

describe.skipIf(!executablePath)('signing in from the documentation, in Chromium', () => {
  let door: Server;
  let app: TestApp;
  let url: string;
  let email: string;
  let chrome: Browser;
  let context: BrowserContext;
  let page: Page;
  /** Errors of scripts, and whatever a policy stopped. */
  const complaints: string[] = [];
  const origins = new Set<string>();

  beforeAll(async () => {
    door = await doorTo(() => Number(new URL(app.url).port));
    url = `http://localhost:${(door.address() as AddressInfo).port}`;
    app = await TestApp.start({ env: { PUBLIC_URL: url } });
    const id = randomUUID();
    email = `${id.slice(0, 8)}@example.com`;
    await app.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada Lovelace')`, [id, email]);
    await app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [
      id,
      await app.app.get(PasswordHashes).hash(password),
    ]);
    chrome = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await chrome?.close();
    await app?.stop();
    door?.close();
  });
  beforeEach(async () => {
    await context?.close();
    context = await chrome.newContext({ locale: 'en' });
    context.on('page', (opened) => {
      opened.on('pageerror', (error) => complaints.push(error.message));
      opened.on('console', (message) => {
        // The console tells of answers such as 401 too, which are part of this.
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
      });
      opened.on('request', (request) => request.url().startsWith('http') && origins.add(new URL(request.url()).origin));
    });
    page = await context.newPage();
  });
  async function enter(on = page) {
    await on.locator('#email').fill(email);
    await on.locator('#password').fill(password);
    await on.locator('form:has(#password) button[type=submit]').click();
  }

  describe('/graphiql', () => {
    const signIn = () => page.getByRole('button', { name: 'Sign in', exact: true });
    const signOut = () => page.getByRole('button', { name: 'Sign out', exact: true });
    const whoIsThere = () => page.getByText(`Signed in as ${email}.`).waitFor();
    async function signedIn() {
      await page.goto(`${url}/graphiql`);
      await signIn().click();
      await enter();
      await whoIsThere();
    }
    const tokens = async () =>
      JSON.parse((await page.evaluate(`sessionStorage.getItem('graphiql.tokens')`)) as string) as Tokens;
    const put = (changed: object) =>
      page.evaluate((text) => sessionStorage.setItem('graphiql.tokens', text), JSON.stringify(changed));
    /** What the editor itself sends when it runs what is in it. */
    async function authorizationOfEditor(): Promise<string | undefined> {
      const sent = page.waitForRequest(
        (request) => request.url() === `${url}/graphql` && !(request.postData() ?? '').includes('IntrospectionQuery'),
      );
      await page.locator('.graphiql-execute-button').click();
      return (await sent).headers().authorization;
    }

    it('signs in, asks as whoever it is, and signs out', async () => {
      await signedIn();
      expect(page.url()).toBe(`${url}/graphiql`);
      await page.reload();
      await whoIsThere();
      const asked = (await page.evaluate(
        `fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ me { email } }' }) }).then((answer) => answer.json())`,
      )) as object;
      expect(asked).toEqual({ data: { me: { email } } });
      const { access, refresh } = await tokens();
      expect(await authorizationOfEditor()).toBe(`Bearer ${access}`);
      await signOut().click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${url}/graphiql*`);
      await signIn().waitFor();
      expect(await tokens()).toBeNull();
      const again = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh, client_id: 'tandem-docs' }),
      });
      expect(((await again.json()) as { error: string }).error).toBe('invalid_grant');
    });
    it('renews the token when it is over, once for all that wait, and says when the session is', async () => {
      await signedIn();
      const first = await tokens();
      await put({ ...first, expiresAt: Date.now() });
      const renewals: string[] = [];
      page.on('request', (request) => request.url().endsWith('/oauth/token') && renewals.push(request.url()));
      const ask = `fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ me { email } }' }) }).then((answer) => answer.status)`;
      expect(await page.evaluate(`Promise.all([${ask}, ${ask}, ${ask}])`)).toEqual([200, 200, 200]);
      expect(renewals).toHaveLength(1);
      const second = await tokens();
      expect(second.access).not.toBe(first.access);
      // What the service takes no longer is renewed as well, whatever the clock says.
      await put({ ...second, access: `${second.access}x` });
      expect(await page.evaluate(ask)).toBe(200);
      const third = await tokens();
      await fetch(`${url}/oauth/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token: third.refresh, client_id: 'tandem-docs' }),
      });
      await put({ ...third, expiresAt: Date.now() });
      await page.evaluate(ask);
      await page.getByText(/^Not signed in: /).waitFor();
      await signIn().waitFor();
    });
    it('takes no answer that it did not ask for', async () => {
      await page.goto(`${url}/graphiql?code=stolen&state=x&iss=${encodeURIComponent(url)}`);
      await page.getByText('Not signed in: this sign-in was not begun in this tab.').waitFor();
      expect(page.url()).toBe(`${url}/graphiql`);
    });
    it('goes to the name of the service that the issuer knows', async () => {
      await page.goto(`${url.replace('localhost', '127.0.0.1')}/graphiql`);
      await signIn().click();
      await page.waitForURL(`${url}/graphiql`);
      expect(await page.evaluate('sessionStorage.length')).toBe(0);
      origins.delete(url.replace('localhost', '127.0.0.1'));
    });
  });
  describe('/docs', () => {
    /** The part of the dialog for people; there is one for tokens of elsewhere and one for services beside it. */
    const flow = () => page.locator('.modal-ux .auth-container').filter({ hasText: 'authorizationCode with PKCE' });
    const logout = () => flow().getByRole('button', { name: 'Remove authorization' });
    const openDialog = () => page.getByRole('button', { name: 'Authorize', exact: true }).first().click();
    const closeDialog = () => page.locator('.modal-ux .close-modal').click();
    async function popup() {
      const opened = context.waitForEvent('page');
      await flow().locator('button.authorize').click();
      return opened;
    }
    /** What the service answers when somebody tries `me`, and to which token. */
    async function tried() {
      const block = page.locator('.opblock[id$="-me"]');
      if (!(await block.locator('.opblock-body').isVisible())) {
        await block.locator('.opblock-summary-control').click();
        await block.getByRole('button', { name: 'Try it out' }).click();
      }
      const answer = page.waitForResponse((response) => response.url() === `${url}/v1/users/me`);
      await block.getByRole('button', { name: 'Execute' }).click();
      const response = await answer;
      const shown = block.locator('.live-responses-table .response-col_status').nth(1);
      await expect.poll(() => shown.textContent()).toContain(String(response.status()));
      return {
        status: response.status(),
        token: response.request().headers().authorization?.replace('Bearer ', ''),
        body: (await response.json()) as { email?: string },
      };
    }

    it('signs in, tries an operation as whoever it is, and logs out', async () => {
      await page.goto(`${url}/docs`);
      await openDialog();
      expect(await flow().getByLabel('client_id').inputValue()).toBe('tandem-docs');
      expect(await flow().getByLabel('client_secret').isVisible()).toBe(false);
      expect(await flow().getByRole('checkbox', { checked: true, includeHidden: true }).count()).toBe(1);
      const redeemed = page.waitForRequest(`${url}/oauth/token`);
      const window = await popup();
      await enter(window);
      await logout().waitFor();
      expect(window.isClosed()).toBe(true);
      const sent = new URLSearchParams((await redeemed).postData()!);
      expect(Object.fromEntries(sent)).toMatchObject({ client_id: 'tandem-docs', code_verifier: expect.any(String) });
      expect(sent.get('client_secret') ?? '').toBe('');
      await closeDialog();
      const answer = await tried();
      expect(answer).toMatchObject({ status: 200, body: { email } });
      expect(claimsOf(answer.token!)).toMatchObject({ scope: 'api', client_id: 'tandem-docs' });
      await openDialog();
      await logout().click();
      await closeDialog();
      expect(await tried()).toMatchObject({ status: 401, token: undefined });
    });
    it('signs in for less', async () => {
      await page.goto(`${url}/docs`);
      await openDialog();
      await flow().locator('label:has-text("Everything that the account may do.")').click();
      await flow().locator('label:has-text("See notifications.")').click();
      await enter(await popup());
      await logout().waitFor();
      await closeDialog();
      const answer = await tried();
      expect(answer.status).toBe(403);
      expect(claimsOf(answer.token!).scope).toBe('notifications:read');
    });
    it('says so when somebody does not want to', async () => {
      await page.goto(`${url}/docs`);
      await openDialog();
      const window = await popup();
      await window.getByRole('button', { name: 'Cancel and go back' }).click();
      await flow().getByText('access_denied').waitFor();
      expect(window.isClosed()).toBe(true);
    });
    it('goes to the name of the service that the issuer knows', async () => {
      const other = url.replace('localhost', '127.0.0.1');
      await page.goto(`${other}/docs`);
      await openDialog();
      await flow().locator('button.authorize').click();
      await page.waitForURL(`${url}/docs*`);
      expect(context.pages()).toHaveLength(1);
      origins.delete(other);
    });
  });
  it('has met no error and no policy, and asked nobody but the service', () => {
    expect(complaints).toEqual([]);
    expect([...origins]).toEqual([url]);
  });
});
