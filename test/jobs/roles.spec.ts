import { afterEach, expect, it } from 'vitest';
import { sealAudit } from '#libs/audit/audit.module.js';
import { AuditSealer } from '#libs/audit/sealer.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { TestApp } from '#test/harness/test-app.js';

let app: TestApp;
afterEach(() => app?.stop());

const paths = ['/v1/products', '/v1/users/me', '/graphql?query={__typename}', '/docs', '/account', '/nowhere'] as const;
const issuer = ['/.well-known/openid-configuration', '/oauth/jwks', '/oauth/authorize'] as const;
const statusOf = async (path: string) => (await fetch(app.url + path, { redirect: 'manual' })).status;

it('a worker answers probes and nothing else', async () => {
  app = await TestApp.start({ env: { ROLE: 'worker' } });
  for (const path of ['/health/live', '/health/ready', '/health/startup']) expect(await statusOf(path), path).toBe(200);
  for (const path of [...paths, ...issuer]) expect(await statusOf(path), path).toBe(404);
  const posted = await fetch(`${app.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
  expect(posted.status).toBe(404);
  const failed = (await (await fetch(`${app.url}/v1/products`)).json()) as { error: { code: string } };
  expect(failed.error.code).toBe('NOT_FOUND');
  // And it does what it is there for.
  await expect
    .poll(() => app.database.sql('select 1 from jobs.instance where stopped_on is null'), { timeout: 20_000 })
    .toHaveLength(1);
});
it('control: a process that also answers requests has all of that', async () => {
  app = await TestApp.start({ env: { ROLE: 'api' } });
  for (const path of ['/v1/products', ...issuer.slice(0, 2)]) expect(await statusOf(path), path).toBe(200);
});
it('what runs by the clock leaves no dead letter when it fails: its next run makes it good', async () => {
  const failing = { seal: () => Promise.reject(new Error('no seal today')) };
  app = await TestApp.start({
    env: { ROLE: 'all' },
    override: (builder) => builder.overrideProvider(AuditSealer).useValue(failing),
  });
  await app.app.get(Jobs).send(undefined, sealAudit, {});
  const states = () =>
    app.database.sql(`select state::text from jobs.job where name = 'audit.seal' and state = 'failed'`);
  await expect.poll(states, { timeout: 25_000 }).not.toEqual([]);
  expect(await app.database.sql(`select 1 from jobs.job where name = 'dead-letters'`)).toEqual([]);
  const queues = await app.database.sql('select name, dead_letter from jobs.queue');
  const letterOf = (name: string) => queues.find((queue) => queue.name === name)?.dead_letter as string | null;
  expect([letterOf('audit.seal'), letterOf('sessions.tidy'), letterOf('mail.deliver')]).toEqual([
    null,
    null,
    'dead-letters',
  ]);
});
it('queues of an earlier release lose theirs', async () => {
  app = await TestApp.start({ env: { ROLE: 'api' } });
  const { database, issuer: tokens } = app;
  const letters = () => database.sql(`select dead_letter from jobs.queue where name = 'audit.seal'`);
  await expect.poll(letters, { timeout: 20_000 }).toEqual([{ dead_letter: null }]);
  await database.sql(`update jobs.queue set dead_letter = 'dead-letters' where name = 'audit.seal'`);
  const later = await TestApp.start({ env: { ROLE: 'api' }, database, issuer: tokens });
  await expect.poll(letters, { timeout: 20_000 }).toEqual([{ dead_letter: null }]);
  await later.stop();
});
