import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { Failure } from './failure.mjs';
import { edit, trim } from './new-project/trim.mjs';

const usage = 'npm run new -- <folder> [--name <package name>]';
const notCopied = new Set(['.git', 'node_modules', 'dist', '.data', 'coverage']);
const isBinary = /\.(?:png|ico|woff2?|gz)$/;

/**
 * `npm run new -- <folder>`: makes a company's own project out of this one.
 * @param {{ root: string, args: string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args, env }) {
  const { positionals, values } = parse(args);
  if (values.help) {
    process.stdout.write(
      `Usage: ${usage}\n\nMakes a company's own project out of this one, without orders and catalog.\n`,
    );
    return 0;
  }
  if (positionals.length !== 1) throw new Failure('Say which folder the project is to be made in.', usage);
  // npm runs scripts in the folder of package.json; INIT_CWD is where the person stands.
  const target = resolve(env.INIT_CWD ?? process.cwd(), positionals[0]);
  const name = values.name ?? packageName(basename(target));
  const { dropped } = await makeProject({ root, target, name, renew: true });
  const count = dropped.length;
  process.stdout.write(
    `\n${name} is in ${target}.\n${count} test files went with the domains that they speak of.\n\n` +
      `  cd ${target}\n  npm ci && npm start\n\nREADME.md there says what is yours and where to go on.\n`,
  );
  return 0;
}
/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { name: { type: 'string' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    throw new Failure(/** @type {Error} */ (error).message, usage);
  }
}
/** @param {string} folder */
const packageName = (folder) =>
  folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');

/**
 * Everything is made in a folder beside the target, which is only then given its name: nothing half-done is left.
 * `renew` also writes the contract snapshots anew, which takes a moment.
 * @param {{ root: string, target: string, name: string, renew: boolean }} options
 * @returns {Promise<{ dropped: string[] }>} the tests that were left out
 */
export async function makeProject({ root, target, name, renew }) {
  if (!/^(?:@[a-z0-9-][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(name) || name.length > 214)
    throw new Failure(`${JSON.stringify(name)} cannot be the name of a package.`, `Give one: ${usage}`);
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0))
    throw new Failure(`${target} exists and is not an empty folder.`, 'Name another one.');
  if (`${target}/`.startsWith(`${root}/`))
    throw new Failure(`${target} is inside of Tandem’s own folder.`, 'Name a folder outside of it.');
  const { files, changed, dropped } = trim(read(root));
  personalize(files, name, originOf(root));
  const partial = join(dirname(target), `.${basename(target)}-${process.pid}.partial`);
  try {
    makeFolder(partial);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Failure(`A folder cannot be made at ${target} (${code}).`, 'Name another one.');
  }
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(partial, path)), { recursive: true });
      writeFileSync(join(partial, path), content);
      if ((statSync(join(root, path), { throwIfNoEntry: false })?.mode ?? 0) & 0o100)
        chmodSync(join(partial, path), 0o755);
    }
    for (const path of changed) await formatFile(join(partial, path));
    withoutPackages(partial, ['autocannon']);
    if (renew) renewContract(root, partial);
    if (existsSync(target)) rmdirSync(target);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  commit(target);
  return { dropped };
}

/**
 * One folder after the other: Node's recursive way does not end where the system says ENOENT to a parent that is there,
 * as below /proc.
 * @param {string} path
 */
function makeFolder(path) {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
/**
 * What git has of this project; without git, everything but what is made anew.
 * @param {string} root
 */
function read(root) {
  const git = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  const paths = git.status === 0 && git.stdout ? git.stdout.split('\0').filter(Boolean) : filesUnder(root);
  /** @type {Map<string, string | Buffer>} */
  const files = new Map();
  for (const path of paths) {
    const content = existsSync(join(root, path)) && readFileSync(join(root, path));
    if (content) files.set(path, isBinary.test(path) ? content : content.toString());
  }
  return files;
}
/** @param {string} root */
function filesUnder(root, folder = '') {
  /** @type {string[]} */
  const found = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (notCopied.has(entry.name)) continue;
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...filesUnder(root, path));
    else found.push(path);
  }
  return found;
}
/**
 * Which Tandem this is.
 * @param {string} root
 */
function originOf(root) {
  const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return { version, ...(git.status === 0 && { commit: git.stdout.trim() }) };
}

/**
 * @param {Map<string, string | Buffer>} files
 * @param {string} name
 * @param {{ version: string, commit?: string }} origin
 */
function personalize(files, name, origin) {
  const templates = join(import.meta.dirname, 'new-project');
  for (const page of ['README.md', 'CHANGELOG.md']) {
    const text = readFileSync(join(templates, page), 'utf8');
    files.set(page, text.replaceAll('{{name}}', name).replaceAll('{{version}}', origin.version));
  }
  const manifest = JSON.parse(String(files.get('package.json')));
  for (const script of ['bench', 'demo:large', 'new']) {
    if (!manifest.scripts[script])
      throw new Failure(`package.json has no script ${script} to leave out.`, 'Say so no more.');
    delete manifest.scripts[script];
  }
  const own = {
    name,
    version: '0.1.0',
    description: 'A backend for mobile apps and a web app.',
    license: 'UNLICENSED',
  };
  files.set('package.json', `${JSON.stringify({ ...manifest, ...own, tandem: origin }, null, 2)}\n`);
  const lock = JSON.parse(String(files.get('package-lock.json')));
  lock.name = name;
  lock.version = own.version;
  Object.assign(lock.packages[''], { name, version: own.version, license: own.license });
  files.set('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
  for (const command of [/ {2}'demo:large': '[^']+',\n/, / {2}bench: '[^']+',\n/, / {2}new: '[^']+',\n/])
    edit(files, 'launcher/tandem.mjs', command, '');
  for (const entry of [/ {2}'src\/demo\/shop\/large',\n/, / {2}'test\/bench\/built',\n/])
    edit(files, 'rolldown.config.mjs', entry, '');
  const description = 'src/docs/api-description.ts';
  for (const tag of [/ {4}catalog: [^\n]+\n/, / {4}orders: [^\n]+\n/]) edit(files, description, tag, '');
  // Its folders are the tags; what is in the others does not depend on them.
  const postman = 'src/docs/postman-collection.json';
  const collection = JSON.parse(String(files.get(postman)));
  /** @type {{ name: string }[]} */
  const folders = collection.item;
  const kept = folders.filter((folder) => !['catalog', 'orders'].includes(folder.name));
  if (kept.length !== folders.length - 2)
    throw new Failure(`${postman} has no folders catalog and orders to leave out.`, 'Look at what it has instead.');
  files.set(postman, `${JSON.stringify({ ...collection, item: kept }, null, 2)}\n`);
  edit(
    files,
    description,
    /query LatestOrders \{[^`]+/,
    'query Me {\n  me {\n    id\n    displayName\n    roles\n  }\n}\n',
  );
}
/** @param {string} path */
async function formatFile(path) {
  writeFileSync(path, await format(readFileSync(path, 'utf8'), { ...(await resolveConfig(path)), filepath: path }));
}
/**
 * Takes packages, and those that only they need, out of package.json and its lock file.
 * @param {string} folder
 * @param {string[]} names
 */
function withoutPackages(folder, names) {
  const args = [
    'uninstall',
    ...names,
    '--package-lock-only',
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ];
  const { status, stderr } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Failure(`${names.join(', ')} could not be left out of package-lock.json.`, stderr.trim());
}
/**
 * The snapshots in test/contract and docs/errors.md, from the project itself.
 * @param {string} root
 * @param {string} folder
 */
function renewContract(root, folder) {
  const modules = join(folder, 'node_modules');
  symlinkSync(join(root, 'node_modules'), modules, 'junction');
  const vitest = join(modules, 'vitest/vitest.mjs');
  const args = [vitest, 'run', 'test/contract', '--update'];
  const { status } = spawnSync(process.execPath, args, { cwd: folder, stdio: 'inherit' });
  rmSync(modules);
  if (status !== 0)
    throw new Failure('The new project’s contract could not be written.', 'What is wrong with it stands above.');
}
/**
 * A first commit, where there is git and somebody who can make one.
 * @param {string} folder
 */
function commit(folder) {
  const git = (/** @type {string[]} */ ...args) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  if (git('init', '--quiet', '--initial-branch=main').status !== 0) return;
  git('add', '--all');
  const { status, stderr } = git('commit', '--quiet', '--message', 'chore: start from Tandem');
  if (status !== 0) process.stderr.write(`The first commit is left to you; git says:\n${stderr}`);
}
