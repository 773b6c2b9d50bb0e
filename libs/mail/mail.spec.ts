import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { Database } from '#libs/database/database.js';
import { locales } from '#libs/messages/messages.js';
import { SecretsModule } from '#libs/secrets/secrets.module.js';
import { TestDatabase } from '#libs/testing/database.js';
import { JobWorker } from '#libs/testing/job-worker.js';
import { TestMailbox } from '#libs/testing/mailbox.js';
import { MailModule } from './mail.module.js';
import { Mails } from './mails.js';
import { render } from './render.js';
import { defineMail } from './template.js';

const texts = (subject: string) => ({
  'mail.test-hello.subject': subject,
  'mail.test-hello.greeting': 'Hello {name} & friends',
  'mail.test-hello.open': 'Open it',
});
const hello = defineMail<{ name: string; token: string }>(
  'test',
  'test-hello',
  {
    en: texts('Hello {name}'),
    de: texts('Hallo {name}'),
    es: texts('Hola {name}'),
    ar: texts('مرحبا {name}'),
    ja: texts('こんにちは {name}'),
  },
  {
    description: 'of the test',
    subject: ({ name }) => ({ name }),
    parts: ({ name, token }) => [
      { paragraph: 'greeting', params: { name } },
      { link: 'open', path: `/open?token=${token}&x=1` },
      { code: '123 456' },
    ],
    example: { name: 'Ada', token: 't' },
  },
);
const letterhead = { publicUrl: 'https://tandem.example' };
/** Without the invisible marks around what was filled in. */
const visible = (text: string) => text.replaceAll(/[\u2068\u2069]/g, '');

describe('a mail', () => {
  it.each(locales)('is text and HTML in %s', (locale) => {
    const { subject, text, html } = render(hello, locale, hello.example, letterhead);
    expect(subject).toBe(
      texts({ en: 'Hello Ada', de: 'Hallo Ada', es: 'Hola Ada', ar: 'مرحبا Ada', ja: 'こんにちは Ada' }[locale])[
        'mail.test-hello.subject'
      ],
    );
    expect(html).toContain(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}">`);
    expect(visible(html)).toContain('Hello Ada &amp; friends');
    expect(html).toContain('href="https://tandem.example/open?token=t&amp;x=1"');
    expect(visible(text)).toContain(
      'Hello Ada & friends\n\nOpen it\nhttps://tandem.example/open?token=t&x=1\n\n123 456',
    );
  });
  it.each([
    ['a line', 'Ada\r\nBcc: all@example.com', 'Hello Ada Bcc all@example com'],
    ['markup', '<img src=x onerror="a">', 'Hello <img src=x onerror="a">'],
    ['an address', 'win at https://evil.example/x', 'Hello win at https evil example x'],
    ['a host', 'evil.example', 'Hello evil example'],
    ['a turn of direction', 'Ada\u202efdp', 'Hello Ada fdp'],
    ['too much', 'x'.repeat(500), `Hello ${'x'.repeat(200)}…`],
    ['an e-mail address', 'ada@tandem.example', 'Hello ada@tandem.example'],
  ])('takes %s in a name for what it is', (_, name, expected) => {
    const { subject, text, html } = render(hello, 'en', { name, token: 't' }, letterhead);
    expect(subject).toBe(expected);
    expect(text.split('\n')[0].length).toBeLessThan(240);
    expect(html).not.toContain('<img');
    expect(html.match(/href="[^"]*"/g)).toHaveLength(2);
  });
  it.each(['https://evil.example/', '//evil.example/x', '/\\evil.example', 'open'])('does not link to %s', (path) => {
    const elsewhere = { ...hello, parts: () => [{ link: 'open', path }] };
    expect(() => render(elsewhere, 'en', hello.example, letterhead)).toThrow('paths of this service');
  });
  it('without a text does not come to be', () => {
    const no = { ...hello, parts: () => [{ paragraph: 'missing' }] };
    const all = { en: {}, de: {}, es: {}, ar: {}, ja: {} };
    expect(() => defineMail('test', 'test-none', all, no)).toThrow('there is no text mail.test-none.subject');
  });
});

describe('sending', () => {
  let database: TestDatabase;
  let mailbox: TestMailbox;
  let worker: JobWorker;
  const lines: Record<string, unknown>[] = [];
  const mailOf = (to: string, token = 'secret-token') =>
    ({ to, template: hello, locale: 'ar', params: { name: 'Ada', token } }) as const;
  beforeAll(async () => {
    database = await TestDatabase.clone(inject('testDatabase'));
    mailbox = await TestMailbox.start();
    worker = await JobWorker.start(database.servingUrl, {
      role: 'all',
      modules: [SecretsModule, MailModule],
      env: { SMTP_URL: mailbox.url, PUBLIC_URL: 'https://tandem.example' },
      log: (line) => void lines.push(line),
    });
  });
  afterAll(async () => {
    await worker.stop();
    await mailbox.stop();
    await database.drop();
  });
  const send = (to: string) => worker.app.get(Mails).send(undefined, mailOf(to));

  it('happens when the transaction commits, with what mail programs need', async () => {
    const [db, mails] = [worker.app.get(Database), worker.app.get(Mails)];
    await expect(
      db.transaction(async (em) => {
        await mails.send(em, mailOf('nobody@example.com'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await db.transaction((em) => mails.send(em, mailOf('ada@example.com')));
    const mail = await mailbox.next('ada@example.com');
    expect(mailbox.mails).toHaveLength(1);
    expect(mail.from).toBe('"Tandem" <no-reply@tandem.example>');
    expect(mail.subject).toBe('مرحبا Ada');
    expect(mail.links).toEqual(['https://tandem.example/open?token=secret-token&x=1']);
    expect(mail.messageId).toMatch(/^<[\w-]{36}@tandem\.example>$/);
    expect(mail.parsed.headers.get('content-language')).toBe('ar');
    expect(mail.parsed.headers.get('auto-submitted')).toBe('auto-generated');
    const [{ data }] = await database.sql(`select data::text from jobs.job where name = 'mail.deliver'`);
    for (const secret of ['secret-token', 'ada@example.com', 'Ada']) expect(data).not.toContain(secret);
    expect(JSON.stringify(lines)).not.toContain('secret-token');
    expect(JSON.stringify(lines)).not.toContain('ada@example.com');
  });
  it('is tried again when the server cannot for the moment, and is the same mail', async () => {
    mailbox.refusals.push(451);
    await send('later@example.com');
    const messageId = await vi.waitFor(
      async () => {
        const [job] = await database.sql<{ id: string }>(
          `update jobs.job set start_after = now() where name = 'mail.deliver' and state = 'retry'
           returning data->'payload'->>'messageId' as id`,
        );
        expect(job).toBeDefined();
        return job.id;
      },
      { timeout: 15_000 },
    );
    expect((await mailbox.next('later@example.com')).messageId).toBe(messageId);
  });
  it('is given up at once when the server refuses the mail, and logged without the address', async () => {
    mailbox.refusals.push(550);
    await send('gone@example.com');
    const failed = await vi.waitFor(
      () => {
        const line = lines.find(({ msg, job }) => msg === 'job failed for good' && job === 'mail.deliver');
        expect(line).toBeDefined();
        return line!;
      },
      { timeout: 15_000 },
    );
    expect(failed).toMatchObject({ attempt: 1, err: { message: 'the server refused it with 550' } });
    expect(JSON.stringify(lines)).not.toContain('gone@example.com');
  });
  it('does not happen when it is of no use any more', async () => {
    await worker.app
      .get(Mails)
      .send(undefined, { ...mailOf('late@example.com'), validUntil: new Date(Date.now() - 1) });
    await vi.waitFor(
      () => expect(lines).toContainEqual(expect.objectContaining({ msg: 'mail not sent: it is of no use any more' })),
      { timeout: 15_000 },
    );
    expect(mailbox.mails.some(({ to }) => to === 'late@example.com')).toBe(false);
  });
  it.each(['', 'ada', 'a@b, c@d', 'Ada <a@b>', 'a@b\r\nBcc: c@d'])('to %j is refused', async (to) => {
    await expect(send(to)).rejects.toThrow('a mail needs one address');
  });
  it('without a server writes files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-mails-'));
    const local = await TestDatabase.clone(inject('testDatabase'));
    const developer = await JobWorker.start(local.servingUrl, {
      role: 'all',
      modules: [SecretsModule, MailModule],
      env: { DATA_DIR: folder },
    });
    await developer.app.get(Mails).send(undefined, mailOf('ada@example.com'));
    const files = await vi.waitFor(
      () => {
        const found = readdirSync(join(folder, 'mails')).filter((name) => !name.endsWith('.part'));
        expect(found).toHaveLength(2);
        return found;
      },
      { timeout: 15_000 },
    );
    await developer.stop();
    const [eml, json] = files.sort().map((name) => readFileSync(join(folder, 'mails', name), 'utf8'));
    expect(eml).toMatch(/^To: ada@example\.com\r?$/m);
    expect(JSON.parse(json)).toMatchObject({ to: 'ada@example.com', subject: 'مرحبا Ada' });
    rmSync(folder, { recursive: true });
    await local.drop();
  });
});
