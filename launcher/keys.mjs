import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './data-folder.mjs';

/**
 * The key that signs access tokens on a developer's machine. Made once; resolves to the paths of the private JSON Web
 * Key and of the key set with its public half.
 * @param {string} data
 */
export async function provideKeys(data) {
  const folder = join(data, 'keys');
  const signingKeyFile = join(folder, 'signing-key.json');
  const keySetFile = join(folder, 'jwks.json');
  if (!existsSync(signingKeyFile)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const key = await exportJWK(privateKey);
    writePrivateJson(signingKeyFile, { ...key, kid: await calculateJwkThumbprint(key), alg: 'ES256', use: 'sig' });
  }
  if (!existsSync(keySetFile)) {
    const { d: _private, ...publicKey } = readJson(signingKeyFile);
    writePrivateJson(keySetFile, { keys: [publicKey] });
  }
  return { signingKeyFile, keySetFile };
}

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
