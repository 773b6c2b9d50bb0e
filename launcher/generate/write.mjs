import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import prettier from 'prettier';

/** @typedef {{ path: string, text: string }} File with its path from the root */

/**
 * Texts as `npm run format` would leave them; one that does not parse is an error before anything is written.
 * @param {string} root
 * @param {readonly File[]} files
 * @returns {Promise<File[]>}
 */
export function formatted(root, files) {
  return Promise.all(
    files.map(async ({ path, text }) => {
      const filepath = join(root, path);
      const options = { ...(await prettier.resolveConfig(filepath)), filepath };
      return { path, text: await prettier.format(text.trimStart(), options) };
    }),
  );
}
/**
 * Writes all files, or leaves everything as it was.
 * @param {string} root
 * @param {readonly File[]} files
 */
export function writeAll(root, files) {
  /** @type {(() => void)[]} */
  const undo = [];
  try {
    for (const { path, text } of files) {
      const file = join(root, path);
      for (const folder of missingFolders(root, dirname(file))) {
        mkdirSync(folder);
        undo.unshift(() => rmdirSync(folder));
      }
      const before = existsSync(file) ? readFileSync(file) : undefined;
      undo.unshift(() => (before ? writeFileSync(file, before) : rmSync(file, { force: true })));
      writeFileSync(file, text);
    }
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}
/**
 * The highest one first.
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function missingFolders(root, folder) {
  if (existsSync(folder) || relative(root, folder) === '') return [];
  return [...missingFolders(root, dirname(folder)), folder];
}
