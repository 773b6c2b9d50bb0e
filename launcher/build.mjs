import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { waitForClaim } from './claim.mjs';
import { Failure } from './failure.mjs';

const SETTINGS = ['package.json', 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
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
  const claim = await waitForClaim(dist, {
    describe: () => ({ pid: process.pid, stopping: false }),
    patience: 300_000,
    signal,
    refuse: () => new Failure('Another build of this folder does not end.', 'Stop it and try again.'),
  });
  try {
    // Taken again: whoever held the claim may just have built this very state.
    const fingerprint = fingerprintOf(root);
    if (isBuilt(dist, fingerprint)) return false;
    rmSync(join(dist, '.fingerprint'), { force: true });
    removeOrphans(root, dist);
    await compile(root, signal);
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
 * Output of sources that are gone, such as a migration that was renamed, would still be loaded.
 * @param {string} root
 * @param {string} dist
 */
function removeOrphans(root, dist) {
  for (const path of FOLDERS.flatMap((folder) => filesBelow(join(dist, folder)))) {
    const source = join(root, relative(dist, path)).replace(/(\.d)?\.[jt]s(\.map)?$/, '.ts');
    if (!existsSync(source)) rmSync(path);
  }
}

/**
 * @param {string} root
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function compile(root, signal) {
  return new Promise((resolve, reject) => {
    process.stderr.write('Building Tandem …\n');
    const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
    if (!existsSync(nest)) {
      reject(new Failure('The build tools are not installed.', 'Run `npm ci` without `--omit=dev`.'));
      return;
    }
    const child = spawn(process.execPath, [nest, 'build'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Failure('The build failed.', 'Correct the errors above and start again.'));
    });
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
