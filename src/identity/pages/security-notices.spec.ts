// Weaknesses: an owner who never hears that somebody else signed in, mails about everything that nobody reads any more, and
// links that lead to where whoever sent the request wants.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '#libs/database/database.js';
import { Mails } from '#libs/mail/mails.js';
import { locales } from '#libs/messages/messages.js';
import { FormBrowser } from '#libs/testing/form-browser.js';
import { TestMailbox } from '#libs/testing/mailbox.js';
import { Accounts } from '#src/identity/accounts.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { SecurityNotices, type FactorChange } from '#src/identity/security-notices.js';
import { credentialTopics } from '#src/identity/security.notifications.js';
import { SignInDevices } from './sign-in-devices.js';
import { TestApp } from '#test/harness/test-app.js';
import { authorizationUrl, pkce, web } from '#test/issuer/client.js';

const publicUrl = 'https://tandem.test';
const password = 'correct horse battery';
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

let mailbox: TestMailbox;
let app: TestApp;
let hash: string;
beforeAll(async () => {
  mailbox = await TestMailbox.start();
  app = await TestApp.start({
    env: { SMTP_URL: mailbox.url, ROLE: 'all', PUBLIC_URL: publicUrl, TRUST_PROXY: '127.0.0.1/32' },
  });
  hash = await app.app.get(PasswordHashes).hash(password);
});
afterAll(async () => {
  await app?.stop();
  await mailbox.stop();
});
beforeEach(() => app.database.sql('truncate attempts, attempt_totals'));

async function person(locale = 'en', timeZone = 'UTC') {
  const id = randomUUID();
  const email = `${id}@example.com`;
  await app.database.sql(
    `insert into users (id, email, display_name, locale, time_zone) values ($1, $2, 'Ada Lovelace', $3, $4)`,
    [id, email, locale, timeZone],
  );
  await app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [id, hash]);
  return { id, email };
}
/** `from`: what the trusted proxy in front says. */
const browser = (from = '203.0.113.7', userAgent = firefox) =>
  new FormBrowser(app.url, publicUrl, {
    'user-agent': userAgent,
    'x-forwarded-for': from,
    'x-forwarded-host': 'evil.example',
  });
async function signIn(who: FormBrowser, email: string, typed = password) {
  who.left = undefined;
  const page = await who.get(authorizationUrl({ ...web, more: { prompt: 'login' } }, pkce().challenge));
  const answer = await who.submit(page, { email, password: typed });
  return { answer, code: (who.left as URL | undefined)?.searchParams.get('code') };
}
const told = (userId: string) =>
  app.database.sql('select topic, data from notifications where user_id = $1 order by created_at, id', [userId]);
/** Mails that were sent, whether they were delivered or not. */
const sent = async () =>
  Number((await app.database.sql(`select count(*) from jobs.job where name = 'mail.deliver'`))[0].count);

describe('a sign-in', () => {
  it('on a device that the account was not used on is told by mail and in the inbox, once', async () => {
    const { id, email } = await person('de', 'Europe/Berlin');
    const who = browser();
    expect((await signIn(who, email)).code).toBeTruthy();
    const mail = await mailbox.next(email);
    expect(mail.subject).toBe('Neue Anmeldung bei Ihrem Konto');
    const text = mail.text.replaceAll(/[\u2068\u2069]/g, '');
    expect(text).toMatch(/Gerät: Firefox.*Windows\. Adresse: 203\.0\.113\.7\. Zeit: .*20\d\d.*\d\d:\d\d:\d\d ME/);
    expect(mail.links).toEqual([`${publicUrl}/account#devices`]);
    expect(mail.raw).not.toContain('evil');
    const data = { device: 'Firefox · Windows', address: '203.0.113.7' };
    expect(await told(id)).toEqual([{ topic: 'account.new-device', data }]);
    const inbox = await (await app.as('ada', id)).get('/v1/notifications', { 'accept-language': 'en' });
    expect(inbox.body.data[0]).toMatchObject({ title: 'New sign-in', body: expect.stringContaining('203.0.113.7') });
    const before = await sent();
    expect((await signIn(who, email)).code).toBeTruthy();
    expect([await sent(), await told(id)]).toEqual([before, [expect.anything()]]);
    expect((await signIn(browser('198.51.100.9', ''), email)).code).toBeTruthy();
    expect((await mailbox.next(email)).text).toContain('198.51.100.9');
    expect(await told(id)).toHaveLength(2);
  });
  it('that is the first one after registration is not; the next one on another device is', async () => {
    const email = `${randomUUID()}@example.com`;
    const who = browser();
    const page = await who.get(authorizationUrl(web, pkce().challenge));
    await who.submit(await who.get(`${page.path}/register`), { email });
    const [link] = (await mailbox.next(email)).links;
    const ready = await who.submit(await who.get(link), { name: 'New', 'new-password': password });
    const before = await sent();
    await who.submit(ready, {}, '/continue');
    expect(who.left?.searchParams.get('code')).toBeTruthy();
    const [{ id }] = await app.database.sql('select id from users where email = $1', [email]);
    expect([await sent(), await told(id as string)]).toEqual([before, []]);
    expect((await signIn(browser(), email)).code).toBeTruthy();
    expect((await mailbox.next(email)).subject).toBe('New sign-in to your account');
  });
  it('that is the first one of an account that was registered long ago is told', async () => {
    const { id, email } = await person();
    await app.database.sql(
      `insert into verified_emails (user_id, email, verified_at, awaits_first_sign_in)
       values ($1, $2, now() - interval '2 days', true)`,
      [id, email],
    );
    await signIn(browser(), email);
    expect((await mailbox.next(email)).subject).toBe('New sign-in to your account');
  });
  it('that fails, or is not done, tells nobody anything, whether there is an account or not', async () => {
    const { id, email } = await person();
    const before = await sent();
    const pages: string[] = [];
    for (const address of [email, `${randomUUID()}@example.com`]) {
      const { answer, code } = await signIn(browser(), address, 'wrong horse battery');
      expect([answer.status, code]).toEqual([422, undefined]);
      pages.push(answer.html.replaceAll(address, '').replaceAll(/(value|action|nonce)="[^"]*"|sign-in\/[\w-]+/g, ''));
    }
    expect(pages[0]).toBe(pages[1]);
    // The password alone is not enough where there is a second factor.
    await app.database.sql(
      `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, label)
       values (gen_random_uuid(), $1, $2, '', 0, '{}', false, 'key')`,
      [id, randomUUID()],
    );
    expect((await signIn(browser(), email)).answer.path).toMatch(/second-factor$/);
    expect([await sent(), await told(id)]).toEqual([before, []]);
  });
  it('lets nobody in whose owner cannot be told: mail, inbox and sign-in are there together', async () => {
    const { id, email } = await person();
    const send = vi.spyOn(app.app.get(Mails), 'send').mockRejectedValue(new Error('no queue'));
    const who = browser();
    const { answer, code } = await signIn(who, email);
    send.mockRestore();
    expect([answer.status, code]).toEqual([500, undefined]);
    expect(await told(id)).toEqual([]);
    expect((await signIn(who, email)).code).toBeTruthy();
    expect(await told(id)).toHaveLength(1);
  });
  it('control: where devices are marked before they are looked at, nobody is told', async () => {
    const { id, email } = await person();
    const known = vi.spyOn(app.app.get(SignInDevices), 'isKnown').mockReturnValue(true);
    expect((await signIn(browser(), email)).code).toBeTruthy();
    known.mockRestore();
    expect(await told(id)).toEqual([]);
  });
});

describe.each(locales)('in %s', (locale) => {
  it('every change of what an account is signed in with is told', { timeout: 60_000 }, async () => {
    const { id, email } = await person(locale);
    const account = (await app.app.get(Accounts).find(id))!;
    const notices = app.app.get(SecurityNotices);
    const ada = await app.as('ada', id);
    const changes = Object.keys(credentialTopics) as (keyof typeof credentialTopics)[];
    for (const change of changes)
      await app.app
        .get(Database)
        .transaction((em) =>
          change === 'account.password-changed'
            ? notices.passwordChanged(em, account)
            : notices.factorsChanged(em, account, change satisfies FactorChange),
        );
    await app.app.get(Database).transaction((em) => notices.providersChanged(em, account, 'Example'));
    const { data } = (await ada.get('/v1/notifications', { 'accept-language': locale })).body as {
      data: { topic: string; title: string; body: string }[];
    };
    expect(data.map(({ topic }) => topic).sort()).toEqual([...changes, 'account.providers-changed'].sort());
    expect(new Set(data.map(({ body }) => body)).size).toBe(data.length);
    const mails: string[] = [];
    for (const _ of data) mails.push((await mailbox.next(email)).text.replaceAll(/[\u2068\u2069\s]/g, ''));
    for (const { topic, body } of data) {
      if (topic === 'account.password-changed' || topic === 'account.providers-changed') continue;
      expect(
        mails.filter((text) => text.includes(body.replaceAll(/\s/g, ''))),
        body,
      ).toHaveLength(1);
    }
    for (const text of mails) expect(text).toContain(publicUrl);
  });
});
