import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './data-folder.mjs';

/**
 * The key that protects secrets in the database of a developer's machine, in base64. Made once.
 * @param {string} data
 * @returns {string}
 */
export function provideEncryptionKey(data) {
  const file = join(data, 'keys', 'encryption-key.json');
  if (!existsSync(file)) {
    mkdirSync(join(data, 'keys'), { recursive: true, mode: 0o700 });
    writePrivateJson(file, { key: randomBytes(32).toString('base64') });
  }
  return readJson(file).key;
}
