import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { databasePids, projectRoot, removeFolder, temporaryFolder, until } from './launched.js';

let folder: string;

beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => removeFolder(folder));

/** A keeper as the global set-up of the tests starts it, in a temporary folder of its own. */
async function keep(): Promise<{ keeper: ChildProcess; urls: { adminUrl: string; servingUrl: string }; data: string }> {
  const keeper = fork(join(projectRoot, 'launcher/test-database-keeper.mjs'), [projectRoot], {
    execArgv: [],
    env: { PATH: process.env.PATH, TMPDIR: folder },
  });
  const before = new Set(readdirSync(folder));
  const urls = await new Promise<{ adminUrl: string; servingUrl: string }>((resolve, reject) => {
    keeper.once('message', (message) => resolve(message as { adminUrl: string; servingUrl: string }));
    keeper.once('exit', (code) => reject(new Error(`The keeper ended with ${code}.`)));
  });
  const name = readdirSync(folder).find((entry) => entry.startsWith('tandem-test-') && !before.has(entry)) ?? '';
  return { keeper, urls, data: join(folder, name) };
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

test('this run has a test database that syncs nothing, and whose serving role is limited', async () => {
  const { adminUrl, servingUrl } = inject('testDatabase');
  expect(adminUrl).toMatch(/^postgres:\/\/postgres:.*@127\.0\.0\.1:\d+\/postgres$/);
  expect(await ask(adminUrl, 'show fsync')).toEqual(['off']);
  expect(
    await ask(
      servingUrl,
      "select current_setting(n) from unnest(array['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'timezone']) n",
    ),
  ).toEqual(['5s', '2s', '10s', 'UTC']);
  expect(
    await ask(servingUrl, 'select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user'),
  ).toEqual([false]);
});

test('the database and its folder go when the test run goes, in whatever way', async () => {
  const { keeper, urls, data } = await keep();
  expect(await ask(urls.adminUrl, "select count(*)::int from pg_database where datname = 'tandem_template'")).toEqual([
    1,
  ]);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  keeper.disconnect();
  await until('the folder is gone', () => !existsSync(data));
  await until('the server is gone', () => databasePids(data).length === 0);
}, 60_000);

test('what a killed keeper left is removed by the next run', async () => {
  const left = await keep();
  left.keeper.kill('SIGKILL');
  await until('the keeper is gone', () => left.keeper.signalCode !== null);
  expect(databasePids(left.data).length).toBeGreaterThan(0);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(left.data, longAgo, longAgo);

  const next = await keep();
  expect(existsSync(left.data)).toBe(false);
  await expect(ask(left.urls.adminUrl, 'select 1')).rejects.toThrow();
  next.keeper.disconnect();
  await until('the folder is gone', () => !existsSync(next.data));
}, 60_000);
