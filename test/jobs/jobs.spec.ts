import { afterAll, beforeAll, expect, it } from 'vitest';
import { allJobs } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { directionOf, allMails } from '#libs/mail/template.js';
import { render } from '#libs/mail/render.js';
import { locales } from '#libs/messages/messages.js';
import { TestApp } from '#test/harness/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());

/** Every job of the service, by hand: what runs without a request is known, or it is not there. */
const expected: Readonly<Record<string, { cron?: string }>> = {
  'audit.seal': { cron: '* * * * *' },
  'identity.purge': { cron: '17 * * * *' },
  'issuer.logout-notice': {},
  'issuer.purge': { cron: '*/10 * * * *' },
  'mail.deliver': {},
  'notifications.purge': { cron: '37 3 * * *' },
  'secrets.reseal': { cron: '53 * * * *' },
  'sessions.end-of-client': {},
  'sessions.tidy': { cron: '7 * * * *' },
};
it('every job is known here and has somebody who does it', () => {
  const jobs = Object.fromEntries(
    allJobs().map(({ name, options: { cron } }) => [name, cron === undefined ? {} : { cron }]),
  );
  expect(jobs).toEqual(expected);
  expect(app.app.get(Jobs).handled.map(({ name }) => name)).toEqual(Object.keys(expected).sort());
});
it('a process that only answers requests makes the queues and runs nothing', async () => {
  await expect
    .poll(async () => (await app.database.sql('select name from jobs.queue order by name')).map(({ name }) => name), {
      timeout: 20_000,
    })
    .toEqual(expect.arrayContaining([...Object.keys(expected), 'dead-letters']));
  expect(await app.database.sql('select 1 from jobs.instance')).toEqual([]);
});
it.each(locales)('every mail can be written in %s', (locale) => {
  const letterhead = { publicUrl: 'https://tandem.example' };
  for (const template of allMails()) {
    const { subject, text, html } = render(template, locale, template.example, letterhead);
    for (const part of [subject, text, html]) expect(part, template.name).not.toMatch(/undefined|\[object|\{\w+\}/);
    expect(html, template.name).toContain(`dir="${directionOf(locale)}"`);
    expect(subject.length, template.name).toBeLessThan(100);
  }
});
