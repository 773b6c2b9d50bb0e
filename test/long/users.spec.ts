import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { clone, NOBODY, type Clone } from '../launcher/clone.js';
import { build, databasePids, Launched, query, removeFolder, usersOf } from '../launcher/launched.js';

const asRoot = process.getuid?.() === 0;

let cloned: Clone;

beforeAll(build, 180_000);
// The folder holds all packages once more.
afterEach(() => removeFolder(cloned.folder, join(cloned.root, '.data')), 120_000);

async function startTwice(uid: number): Promise<Set<number>> {
  cloned = clone(uid);
  const { root } = cloned;
  const data = join(root, '.data');
  const owners = new Set<number>();
  for (const run of [1, 2]) {
    const launcher = new Launched({ root, uid });
    await launcher.whenReady();
    expect(launcher.stderr).not.toMatch(/Building/);
    const pids = databasePids(data);
    expect(pids.length).toBeGreaterThan(3);
    for (const owner of usersOf(pids)) owners.add(owner);
    if (run === 1) await query(data, 'create table launcher_spec as select 42 as answer');
    expect(await query(data, 'select answer from launcher_spec')).toEqual([{ answer: 42 }]);
    expect(await launcher.stop()).toBe(0);
    expect(databasePids(data)).toEqual([]);
  }
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(statSync(join(data, 'postgres')).mode & 0o777).toBe(0o700);
  return owners;
}

test.runIf(asRoot)('a normal user starts Tandem in a home folder of 0700', async () => {
  expect(await startTwice(NOBODY)).toEqual(new Set([NOBODY]));
});

test.runIf(asRoot)(
  'root starts Tandem in a folder of 0700; PostgreSQL runs as a user that nobody else is',
  async () => {
    const [owner, ...others] = await startTwice(0);
    expect(others).toEqual([]);
    const known = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => Number(line.split(':')[2]));
    expect(known).not.toContain(owner);
    expect(existsSync(join(cloned.root, '.data/postgres/PG_VERSION'))).toBe(true);
  },
);
