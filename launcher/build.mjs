import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { holderOf, waitForClaim } from './claim.mjs';
import { Failure } from './failure.mjs';

const SETTINGS = [
  'package.json',
  'package-lock.json',
  'nest-cli.json',
  'rolldown.config.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
];
const FOLDERS = ['src', 'libs'];

/** @param {{ root: string }} options */
export async function main({ root }) {
  await buildWhenChanged(root, new AbortController().signal);
  return 0;
}

/**
 * Compiles the service into dist/ when a source differs from the last build. Resolves to whether it compiled.
 * @param {string} root
 * @param {AbortSignal} signal
 */
export async function buildWhenChanged(root, signal) {
  const dist = join(root, 'dist');
  if (isBuilt(dist, fingerprintOf(root))) return false;
  mkdirSync(dist, { recursive: true });
  const holder = await holderOf(dist);
  if (holder) process.stderr.write(`Waiting for the build of process ${holder.pid} …\n`);
  const claim = await waitForClaim(dist, { describe: () => ({ pid: process.pid, stopping: false }), signal });
  try {
    // Taken again: whoever held the claim may just have built this very state.
    const fingerprint = fingerprintOf(root);
    if (isBuilt(dist, fingerprint)) return false;
    rmSync(join(dist, '.fingerprint'), { force: true });
    const started = Date.now();
    await compile(root, signal);
    removeOutdated(dist, started);
    writeFileSync(join(dist, '.fingerprint'), fingerprint);
    return true;
  } finally {
    claim.release();
  }
}

/**
 * @param {string} dist
 * @param {string} fingerprint
 */
function isBuilt(dist, fingerprint) {
  const marker = join(dist, '.fingerprint');
  return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint && existsSync(join(dist, 'src', 'main.js'));
}

/** @param {string} root */
function fingerprintOf(root) {
  const hash = createHash('sha256');
  const sources = FOLDERS.flatMap((folder) =>
    filesBelow(join(root, folder)).filter((path) => !path.endsWith('.spec.ts')),
  );
  for (const path of [...SETTINGS.map((name) => join(root, name)), ...sources.sort()]) {
    if (!existsSync(path)) continue;
    const text = readFileSync(path);
    hash.update(`${relative(root, path)}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex');
}

/**
 * A service that runs may still load what an earlier build wrote, so that stays for an hour after a build without it.
 * @param {string} dist
 * @param {number} started when this build was
 */
function removeOutdated(dist, started) {
  const file = join(dist, '.outdated.json');
  /** @type {Record<string, number>} since when, by path */
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  /** @type {typeof known} */
  const outdated = {};
  for (const path of ['chunks', 'packages'].flatMap((folder) => filesBelow(join(dist, folder)))) {
    if (statSync(path).mtimeMs >= started) continue;
    const since = known[path] ?? Date.now();
    if (since < Date.now() - 3_600_000) rmSync(path);
    else outdated[path] = since;
  }
  writeFileSync(file, JSON.stringify(outdated));
}

/**
 * Checks the types and bundles the service, side by side.
 * @param {string} root
 * @param {AbortSignal} signal
 */
async function compile(root, signal) {
  process.stderr.write('Building Tandem …\n');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const bundler = join(root, 'node_modules/rolldown/bin/cli.mjs');
  if (!existsSync(compiler) || !existsSync(bundler))
    throw new Failure('The build tools are not installed.', 'Run `npm ci` without `--omit=dev`.');
  const codes = await Promise.all([
    run([compiler, '--noEmit', '-p', 'tsconfig.build.json'], 'inherit', root, signal),
    // On standard output it lists all that it wrote.
    run([bundler, '-c'], 'ignore', root, signal),
  ]);
  if (codes.some((code) => code !== 0))
    throw new Failure('The build failed.', 'Correct the errors above and start again.');
}

/**
 * @param {string[]} args
 * @param {'inherit' | 'ignore'} stdout
 * @param {string} root
 * @param {AbortSignal} signal
 * @returns {Promise<number | null>} the exit code
 */
function run(args, stdout, root, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', stdout, 'inherit'], signal });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.split(sep).includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
}
