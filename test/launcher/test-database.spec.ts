import { existsSync, statSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { ask, databasePids, keep, removeFolder, temporaryFolder, until } from './launched.js';

let folder: string;

beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));

test('this run has a test database that syncs nothing, and whose serving role is limited', async () => {
  const { adminUrl, servingUrl } = inject('testDatabase');
  expect(adminUrl).toMatch(/^postgres:\/\/postgres:.*@127\.0\.0\.1:\d+\/postgres$/);
  expect(await ask(adminUrl, 'show fsync')).toEqual([{ fsync: 'off' }]);
  expect(
    await ask(
      servingUrl,
      "select array_agg(current_setting(n)) as settings from unnest(array['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'plan_cache_mode', 'timezone']) n",
    ),
  ).toEqual([{ settings: ['5s', '2s', '10s', 'force_generic_plan', 'UTC'] }]);
  expect(
    await ask(
      servingUrl,
      'select rolsuper or rolcreatedb or rolcreaterole as more from pg_roles where rolname = current_user',
    ),
  ).toEqual([{ more: false }]);
});

test('the database and its folder go when the test run goes, in whatever way', async () => {
  const { keeper, urls, data } = await keep(folder);
  expect(await ask(urls.adminUrl, "select datname from pg_database where datname = 'tandem_template'")).toHaveLength(1);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  keeper.disconnect();
  await until('the folder is gone', () => !existsSync(data));
  await until('the server is gone', () => databasePids(data).length === 0);
}, 60_000);

test('what a killed keeper left is removed by the next run', async () => {
  const left = await keep(folder);
  left.keeper.kill('SIGKILL');
  await until('the keeper is gone', () => left.keeper.signalCode !== null);
  expect(databasePids(left.data).length).toBeGreaterThan(0);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(left.data, longAgo, longAgo);

  const next = await keep(folder);
  expect(existsSync(left.data)).toBe(false);
  await expect(ask(left.urls.adminUrl, 'select 1')).rejects.toThrow();
  next.keeper.disconnect();
  await until('the folder is gone', () => !existsSync(next.data));
}, 60_000);
