import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditReports } from '#libs/audit/audit-reports.js';
import { FormBrowser } from '#libs/testing/form-browser.js';
import { TestMailbox } from '#libs/testing/mailbox.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { Passwords } from '#src/identity/passwords/passwords.js';
import { TestApp } from '#test/harness/test-app.js';

const publicUrl = 'http://tandem.test';
const password = 'correct horse battery';

describe('registration and forgotten passwords', () => {
  let mailbox: TestMailbox;
  let app: TestApp;
  let count = 0;
  let address: string;
  beforeAll(async () => {
    mailbox = await TestMailbox.start();
    app = await TestApp.start({ env: { SMTP_URL: mailbox.url, ROLE: 'all', PUBLIC_URL: publicUrl } });
  });
  afterAll(async () => {
    await app?.stop();
    await mailbox.stop();
  });
  // Limits count by address and network.
  beforeEach(async () => {
    address = `person${++count}@example.com`;
    await app.database.sql('truncate attempts, attempt_totals');
  });
  const browser = (headers?: Record<string, string>) => new FormBrowser(app.url, publicUrl, headers);
  async function ask(path: string, email: string, headers?: Record<string, string>) {
    const person = browser(headers);
    return person.submit(await person.get(path), { email });
  }
  async function linkFor(path: string, email: string) {
    await ask(path, email);
    const { links } = await mailbox.next(email);
    return links[0];
  }
  async function register(email: string, name = 'Ada Lovelace') {
    const person = browser();
    return person.submit(await person.get(await linkFor('/register', email)), { name, 'new-password': password });
  }
  const users = (email: string) =>
    app.database.sql<{ id: string; display_name: string; verified: boolean; roles: string[]; locale: string }>(
      `select u.*, v.user_id is not null as verified from users u
       left join verified_emails v on v.user_id = u.id and v.email = u.email where u.email = $1`,
      [email],
    );

  it('an account comes into being when its link was opened and a password chosen, not before', async () => {
    const sent = await ask('/register', `  ${address.toUpperCase()} `);
    expect(sent.path).toBe('/register/sent');
    expect(await users(address)).toEqual([]);
    const { links, text } = await mailbox.next(address);
    expect(links[0]).toMatch(/^http:\/\/tandem\.test\/confirm\?token=[\w-]{43}$/);
    expect(text).toContain('create an account');
    const person = browser();
    const page = await person.get(links[0]);
    expect(page.html).toContain(`value="${address}"`);
    expect(await users(address)).toEqual([]);
    const done = await person.submit(page, { name: '  Ada   Lovelace ', 'new-password': password });
    expect([done.path, done.status]).toEqual(['/confirm/done?what=account', 200]);
    const [user] = await users(address);
    expect(user).toMatchObject({ display_name: 'Ada Lovelace', verified: true, roles: ['customer'], locale: 'en' });
    const account = await app.app.get(Passwords).accountFor(address, password);
    expect(account).toMatchObject({ id: user.id, isEmailVerified: true });
  });
  it('links are good once, whoever opens them before', async () => {
    const link = await linkFor('/register', address);
    // A scanner of mails, and a second tab.
    for (let i = 0; i < 3; i++) expect((await browser().get(link)).status).toBe(200);
    const [first, second] = [browser(), browser()];
    const pages = [await first.get(link), await second.get(link)];
    const answers = await Promise.all([
      first.submit(pages[0], { name: 'First', 'new-password': password }),
      second.submit(pages[1], { name: 'Second', 'new-password': password }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
    expect(await users(address)).toHaveLength(1);
    const late = await first.get(link);
    expect([late.status, late.title]).toEqual([410, 'This link is no longer good · Tandem']);
  });
  it('two links for one address make one account', async () => {
    const [one, two] = [await linkFor('/register', address), await linkFor('/register', address)];
    const [first, second] = [browser(), browser()];
    const pages = [await first.get(one), await second.get(two)];
    const answers = await Promise.all([
      first.submit(pages[0], { name: 'First', 'new-password': password }),
      second.submit(pages[1], { name: 'Second', 'new-password': password }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
    expect(await users(address)).toHaveLength(1);
  });
  it('links expire, and only their hash is kept', async () => {
    const link = await linkFor('/register', address);
    const token = new URL(link).searchParams.get('token')!;
    const rows = await app.database.sql('select row_to_json(l)::text as row from mailed_links l');
    expect(rows.some(({ row }) => (row as string).includes(token))).toBe(false);
    await app.database.sql(`update mailed_links set expires_at = now() where email = $1`, [address]);
    expect((await browser().get(link)).status).toBe(410);
  });
  it('a new password replaces the old one, uses up other links, and is told', async () => {
    await register(address);
    const [link, other] = [await linkFor('/forgotten-password', address), await linkFor('/register', address)];
    const person = browser();
    const done = await person.submit(await person.get(link), { 'new-password': 'another horse battery' });
    expect(done.path).toBe('/confirm/done?what=password');
    const passwords = app.app.get(Passwords);
    expect(await passwords.accountFor(address, password)).toBeUndefined();
    expect(await passwords.accountFor(address, 'another horse battery')).toBeDefined();
    expect((await browser().get(other)).status).toBe(410);
    expect((await mailbox.next(address)).subject).toBe('Your password was changed');
  });
  it('what is wrong is said beside the field, and nothing is used up', async () => {
    const person = browser();
    const page = await person.get(await linkFor('/register', address));
    for (const [fields, message, focused] of [
      [{ name: 'Ada', 'new-password': 'short' }, 'Use at least 8 characters.', 'new-password'],
      [{ name: 'Ada', 'new-password': 'x'.repeat(129) }, 'Use at most 128 characters.', 'new-password'],
      [{ name: 'Ada', 'new-password': 'password1' }, 'tried first', 'new-password'],
      [{ name: 'Ada', 'new-password': address }, 'made of your name or address', 'new-password'],
      [{ name: ' ', 'new-password': password }, 'Enter a name', 'name'],
      [{ name: 'a\u0007b', 'new-password': password }, 'Enter a name', 'name'],
    ] as const) {
      const answer = await person.submit(page, fields);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(message);
      expect(answer.html).toMatch(new RegExp(`<input[^>]*name="${focused}"[^>]*autofocus[^>]*aria-invalid`));
      expect(answer.html).not.toContain('x'.repeat(129));
    }
    expect((await person.submit(page, { name: 'Ada', 'new-password': password })).status).toBe(200);
  });
  it.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'a@b',
    'a\u202Eb@example.com',
    'a@exa\u200Bmple.com',
    'a\uFFFD@example.com',
    'a b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'a@b.c,d@e.f',
    `${'x'.repeat(65)}@example.com`,
  ])('no mail goes to %j', async (email) => {
    const before = mailbox.attempts;
    const answer = await ask('/register', email);
    expect(answer.status).toBe(422);
    expect(answer.html).toContain('aria-invalid="true"');
    expect(mailbox.attempts).toBe(before);
  });
  it.each(['/register', '/forgotten-password'])(
    '%s does the same work and shows the same page for addresses with and without account',
    async (path) => {
      await register(address);
      const hashes = vi.spyOn(app.app.get(PasswordHashes), 'isPasswordOf');
      // What the owner of the account finds in the trail is written when the answer is out: here, never.
      const reports = vi.spyOn(app.app.get(AuditReports), 'report').mockReturnValue(new Promise(() => undefined));
      const person = browser();
      const known = [address, `unknown${count}@example.com`];
      const seen = [];
      for (const email of known) {
        const page = await person.get(path);
        let answer;
        const statements = await app.statements(async () => (answer = await person.submit(page, { email })));
        const mails = await app.database.sql<{ n: number }>(
          `select count(*)::int as n from jobs.job where name = 'mail.deliver'`,
        );
        seen.push({ answer: answer!, statements, mails: mails[0].n, subject: (await mailbox.next(email)).subject });
      }
      expect(reports.mock.calls).toHaveLength(1);
      reports.mockRestore();
      const [one, two] = seen;
      expect(two.answer.html).toBe(one.answer.html);
      expect(two.answer.status).toBe(one.answer.status);
      expect(two.statements).toBe(one.statements);
      expect(two.mails - one.mails).toBe(1);
      expect(hashes).not.toHaveBeenCalled();
      // Only whoever reads the mail learns the difference.
      expect(two.subject).not.toBe(one.subject);
    },
  );
  it('mails speak the language of the account, else of the page', async () => {
    await ask('/register', address, { 'accept-language': 'ar' });
    expect((await mailbox.next(address)).subject).toBe('أكّد بريدك الإلكتروني');
    await register(address);
    await app.database.sql(`update users set locale = 'ja' where email = $1`, [address]);
    await ask('/forgotten-password', address, { 'accept-language': 'de' });
    expect((await mailbox.next(address)).subject).toBe('新しいパスワードの設定');
  });
  it('the Host of a request is in no link', async () => {
    const person = browser({ 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' });
    await person.submit(await person.get('/register'), { email: address });
    const { raw, links } = await mailbox.next(address);
    expect(raw).not.toContain('evil.example');
    expect(links.every((link) => link.startsWith(publicUrl))).toBe(true);
  });
  it('are limited by address, whether there is an account or not', async () => {
    await register(address);
    for (const email of [address, `nobody${count}@example.com`]) {
      await app.database.sql('truncate attempts, attempt_totals');
      const person = browser();
      const page = await person.get('/forgotten-password');
      const statuses = [];
      for (let i = 0; i < 6; i++) statuses.push((await person.submit(page, { email })).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    }
  });
});
