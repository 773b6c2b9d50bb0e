import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, it } from 'vitest';
import { TestMailbox } from '#libs/testing/mailbox.js';
import { examineMail } from './mail-check.js';

const examine = (url?: string) => examineMail(url, { production: false });

it('finds a mail server that takes mails', async () => {
  const mailbox = await TestMailbox.start();
  expect(await examine(mailbox.url)).toMatchObject({ check: 'mail', status: 'ok' });
  await mailbox.stop();
});
it('says what stands in the way, and no password', async () => {
  const strict = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(new Error('no')),
  });
  await new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve));
  const { port } = strict.server.address() as AddressInfo;
  for (const [url, reason] of [
    [`smtp://tandem:canary-secret@127.0.0.1:${port}`, 'EAUTH 535'],
    ['smtp://tandem:canary-secret@127.0.0.1:9', 'ESOCKET'],
  ]) {
    const finding = await examine(url);
    expect(finding).toMatchObject({ status: 'problem', message: expect.stringContaining(reason) });
    expect(JSON.stringify(finding)).not.toContain('canary-secret');
  }
  await new Promise<void>((resolve) => strict.close(() => resolve()));
});
it('is passed over where mails go to a folder', async () => {
  expect(await examine()).toMatchObject({ status: 'skipped' });
});
