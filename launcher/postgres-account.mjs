import { chmodSync, existsSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';

/**
 * Under whom PostgreSQL runs. `own` is the current user. A superuser is refused by PostgreSQL, so it hands the database
 * to an unprivileged identity: `server` owns the files, `maker` runs initdb, which wants a name in /etc/passwd.
 * @typedef {{ uid: number, gid: number }} Identity
 * @typedef {{ own: true } | { own: false, server: Identity, maker: Identity }} Account
 */

/** Ids that distributions and systemd leave unused, and that a container with 65,536 ids still has. */
const FIRST_UID = 65_520;
const LAST_UID = 65_533;

/**
 * @param {string} cluster folder of the database, which need not exist yet
 * @returns {Account}
 */
export function accountFor(cluster) {
  if (process.getuid?.() !== 0) return { own: true };
  const names = readPasswd();
  const maker = names.find(({ name }) => name === 'nobody') ?? names.find(({ uid }) => uid !== 0);
  if (!maker) throw new Failure('PostgreSQL does not run as root, and /etc/passwd names no other user.', ANOTHER_WAY);
  return { own: false, server: ownerOf(cluster) ?? unusedIdentity(names), maker };
}

/**
 * The identity as options of child_process.spawn.
 * @param {Account} account
 * @param {'server' | 'maker'} role
 * @returns {Partial<Identity>}
 */
export function spawnAs(account, role) {
  if (account.own) return {};
  const { uid, gid } = account[role];
  return { uid, gid };
}

/**
 * @param {string} folder
 * @param {Account} account
 * @param {'server' | 'maker'} role
 */
export function handOver(folder, account, role) {
  if (account.own) return;
  const { uid, gid } = account[role];
  try {
    lchownSync(folder, uid, gid);
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      lchownSync(join(folder, entry), uid, gid);
    }
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') throw error;
    throw cannotSwitch();
  }
}

/**
 * Makes a cluster usable that came back from a copy: PostgreSQL wants it to be its user's own and nobody else's.
 * @param {string} cluster
 * @param {Account} account
 */
export function adoptCluster(cluster, account) {
  const { uid, mode } = statSync(cluster);
  if ((mode & 0o077) !== 0) chmodSync(cluster, 0o700);
  if (uid === 0) handOver(cluster, account, 'server');
}

export function cannotSwitch() {
  return new Failure('PostgreSQL does not run as root, and this root may not switch to another user.', ANOTHER_WAY);
}

const ANOTHER_WAY = 'Start Tandem as a normal user, or set DATABASE_URL to a PostgreSQL of your own.';

/** @param {string} cluster */
function ownerOf(cluster) {
  if (!existsSync(cluster)) return undefined;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? undefined : { uid, gid };
}

/** @param {{ uid: number }[]} names */
function unusedIdentity(names) {
  const taken = new Set(names.map(({ uid }) => uid));
  for (let uid = FIRST_UID; uid <= LAST_UID; uid++) {
    if (!taken.has(uid)) return { uid, gid: uid };
  }
  throw new Failure(`PostgreSQL needs an unused user id from ${FIRST_UID} to ${LAST_UID}.`, ANOTHER_WAY);
}

function readPasswd() {
  if (!existsSync('/etc/passwd')) return [];
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
