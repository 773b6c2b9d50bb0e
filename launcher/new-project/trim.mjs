import { posix } from 'node:path';
import { Failure } from '../failure.mjs';

/** What a company's project does not have: domains of the demonstration, and what is about Tandem itself. */
const left = [
  'src/orders/',
  'src/catalog/',
  'src/demo/shop/',
  'test/domains/orders/',
  'test/domains/catalog/',
  'test/bench/',
  'test/launcher/new-project.spec.ts',
  'test/generated/trimmed.spec.ts',
  'test/generated/differing-specs.ts',
  'test/long/trimmed.spec.ts',
  'docs/orders.md',
  'docs/performance.md',
  'docs/reliability.md',
  'launcher/new-project/',
  'launcher/new-project.mjs',
  'launcher/new-project.d.mts',
];
/** Talk of what is left out. */
export const mentions =
  /\b[Oo]rders\b|\b[Cc]atalogs?\b|\b[Pp]roducts\b|\b(?:create|update|place|cancel|confirm|ship|make)(?:Order|Product)\b|\b(?:Order|Product|Category)\b|\bOrder[A-Z]\w+|\border\(id|\bORDER_[A-Z]|\bPRODUCT_|\/v1\/categories|src\/demo\/shop|test\/bench/;
/** Tests of any domain; one of them that speaks of the demonstration would go with it, unnoticed. */
const runners =
  /^test\/(?:harness|surfaces|matrix|lists|races|queries|contract)\/|^test\/domains\/domains\.ts$|^test\/launcher\/(?!new-project)/;
const code = /^(?:src|test|launcher)\/.*\.m?[jt]s$/;

/**
 * What the project is to hold, from what Tandem holds. Folders of domains go, with every test that speaks of them and with
 * their lines in the registries: imports, and elements of lists. What is then still named somewhere is an error.
 * @param {ReadonlyMap<string, string | Buffer>} files by path
 * @returns {{ files: Map<string, string | Buffer>, changed: string[], dropped: string[] }} `changed` have to be formatted
 */
export function trim(files) {
  const kept = new Map([...files].filter(([path]) => !left.some((name) => path.startsWith(name))));
  for (const name of left)
    if (![...files.keys()].some((path) => path.startsWith(name)))
      throw new Failure(`There is no ${name} to leave out.`, 'Say in launcher/new-project/trim.mjs where it is now.');
  const dropped = dropTests(kept);
  const changed = [];
  for (const [path, text] of kept) {
    if (typeof text !== 'string' || !code.test(path)) continue;
    const without = withoutImports(path, text, (target) => files.has(target) && !kept.has(target));
    if (without !== text) changed.push(path);
    kept.set(path, without);
  }
  return { files: kept, changed, dropped };
}

/**
 * Takes tests, and what only tests import, out of `kept` that speak of what is left out.
 * @param {Map<string, string | Buffer>} kept
 */
function dropTests(kept) {
  /** @type {string[]} */
  const dropped = [];
  const isTest = (/** @type {string} */ path) =>
    path.startsWith('test/') && code.test(path) && !path.startsWith('test/domains/');
  for (const [path, text] of kept)
    if (isTest(path) && typeof text === 'string' && mentions.test(text)) dropped.push(path);
  for (let more = dropped; more.length > 0;) {
    for (const path of more) kept.delete(path);
    more = [...kept].flatMap(([path, text]) =>
      isTest(path) && typeof text === 'string' && importsOf(path, text).some(({ target }) => dropped.includes(target))
        ? [path]
        : [],
    );
    dropped.push(...more);
  }
  const generic = dropped.filter((path) => runners.test(path));
  if (generic.length > 0)
    throw new Failure(
      `Tests that every project needs speak of one domain: ${generic.join(', ')}.`,
      'Move what they say of it into its folder in test/domains.',
    );
  return dropped;
}

/**
 * What a file of the project imports of it, in statements as the formatter leaves them.
 * @param {string} path
 * @param {string} text
 */
export function importsOf(path, text) {
  const found = text.matchAll(/^import (?:type )?(?:\{([^}]*)\} from )?'([#.][^']+)';\n/gm);
  return [...found].map(([statement, names = '', from]) => {
    const target = from.startsWith('#') ? from.slice(1) : posix.join(posix.dirname(path), from);
    return { statement, target: target.replace(/\.js$/, '.ts'), names: names.match(/\w+(?=\s*(?:,|$))/g) ?? [] };
  });
}
/**
 * The text without imports of files that are left out, and without what was imported in lists.
 * @param {string} path
 * @param {string} text
 * @param {(path: string) => boolean} isLeft
 */
function withoutImports(path, text, isLeft) {
  for (const { statement, target, names } of importsOf(path, text)) {
    if (!isLeft(target)) continue;
    text = text.replace(statement, '');
    for (const name of names) {
      text = text
        .replace(new RegExp(`^ *${name},\\n`, 'gm'), '')
        .replace(new RegExp(`(?<=[[,] ?)${name}(?:, ?|(?=\\]))`, 'g'), '')
        .replace(/, \]/g, ']');
      if (new RegExp(`\\b${name}\\b`).test(text))
        throw new Failure(
          `${path} uses ${name} of ${target} otherwise than as an element of a list.`,
          'Make a list of it, or move the use into the domain, so that the domain can be left out.',
        );
    }
  }
  return text;
}

/**
 * Replaces the one place where `from` stands.
 * @param {Map<string, string | Buffer>} files
 * @param {string} path
 * @param {string | RegExp} from
 * @param {string} to
 */
export function edit(files, path, from, to) {
  const text = files.get(path);
  const parts = typeof text === 'string' ? text.split(from) : [];
  if (parts.length !== 2)
    throw new Failure(
      `${path} does not hold ${String(from)} once.`,
      'It was written otherwise when launcher/new-project.mjs was; bring the two together.',
    );
  files.set(path, parts.join(to));
}
