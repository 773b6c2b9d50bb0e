import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../launcher/ports.mjs';
import { nodeOptions } from '../../launcher/service.mjs';
import { redirectUri } from './sign-in.mjs';

/** @typedef {{ name: string, url: string, pid: number, readyAfter: number, stop(): Promise<void> }} Service */
/** @typedef {{ databaseUrl: string, issuer: string, keySetFile: string, encryptionKey: string }} Surroundings */

/**
 * Tandem as built, with the settings of production.
 * @param {{ root: string, folder: string, port: number, surroundings: Surroundings, nodeArgs?: string[] }} options
 */
export function startTandem({ root, folder, port, surroundings, nodeArgs = [] }) {
  const { databaseUrl, issuer, encryptionKey } = surroundings;
  return start('Tandem', [...nodeOptions, ...nodeArgs, join(root, 'dist/src/main.js')], folder, port, {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PUBLIC_URL: issuer,
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: encryptionKey,
    SMTP_URL: 'smtp://127.0.0.1:9',
    MOBILE_REDIRECT_URIS: redirectUri,
    // Callers say where they come from.
    TRUST_PROXY: '127.0.0.1',
    // High, not off.
    RATE_LIMIT_REQUESTS: '100000000',
    RATE_LIMIT_ANONYMOUS_REQUESTS: '100000000',
  });
}
/** @param {{ root: string, folder: string, port: number, surroundings: Surroundings, nodeArgs?: string[] }} options */
export function startLimit({ root, folder, port, surroundings, nodeArgs = [] }) {
  const { databaseUrl, issuer, keySetFile } = surroundings;
  return start('limit', [...nodeArgs, join(root, 'test/bench/limit/server.mjs')], folder, port, {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    TOKEN_ISSUER: issuer,
    TOKEN_AUDIENCE: 'tandem',
    TOKEN_JWKS_FILE: keySetFile,
  });
}
export { freePort };

/**
 * Starts a service and waits until it says that it is ready.
 * @param {string} name
 * @param {string[]} args
 * @param {string} folder where its output goes
 * @param {number} port
 * @param {Record<string, string>} env
 * @returns {Promise<Service>}
 */
async function start(name, args, folder, port, env) {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
    stdio: ['ignore', log, log],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let running = true;
  void exited.then(() => (running = false));
  while (!(await isReady(port))) {
    if (!running) throw new Error(`${name} does not start; see ${join(folder, `${name}.log`)}.`);
    if (performance.now() - started > 60_000) throw new Error(`${name} does not become ready.`);
    await pause(10);
  }
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    pid: Number(child.pid),
    readyAfter: performance.now() - started,
    async stop() {
      child.kill('SIGTERM');
      if (!(await Promise.race([exited.then(() => true), pause(30_000, false, { ref: false })]))) child.kill('SIGKILL');
      await exited;
    },
  };
}
/** @param {number} port @returns {Promise<boolean>} */
function isReady(port) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health/ready', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
