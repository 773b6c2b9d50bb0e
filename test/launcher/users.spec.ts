import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { clone, NOBODY, ofTheDatabase, type Clone } from './clone.js';
import { ask, databasePids, keep, removeFolder, until, usersOf, type Kept } from './launched.js';

// What a start does under one account and not under another is its database. Whole starts are in test/long/users.spec.ts.
const asRoot = process.getuid?.() === 0;

let cloned: Clone;
let kept: Kept | undefined;

afterEach(async () => {
  kept?.keeper.kill('SIGKILL');
  await removeFolder(cloned.folder, kept?.data);
});

/** The users under whom its database runs in a home folder of 0700. */
async function usersOfDatabase(uid: number): Promise<Set<number>> {
  kept = undefined;
  cloned = clone(uid, ofTheDatabase);
  kept = await keep(cloned.home, { root: cloned.root, uid });
  const { data, urls, keeper } = kept;
  expect(await ask(urls.servingUrl, 'select current_user as name')).toEqual([{ name: 'tandem_app' }]);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(statSync(join(data, 'postgres')).mode & 0o777).toBe(0o700);
  expect(statSync(data).uid).toBe(uid);
  const pids = databasePids(data);
  expect(pids.length).toBeGreaterThan(3);
  const users = usersOf(pids);
  keeper.disconnect();
  await until('the folder is gone', () => !existsSync(data));
  expect(databasePids(data)).toEqual([]);
  return users;
}

test.runIf(asRoot)(
  'the database of a normal user runs as that user',
  async () => {
    expect(await usersOfDatabase(NOBODY)).toEqual(new Set([NOBODY]));
  },
  60_000,
);

test.runIf(asRoot)(
  'the database of root runs as a user that nobody else is',
  async () => {
    const [owner, ...others] = await usersOfDatabase(0);
    expect(others).toEqual([]);
    const known = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => Number(line.split(':')[2]));
    expect(known).not.toContain(owner);
  },
  60_000,
);
