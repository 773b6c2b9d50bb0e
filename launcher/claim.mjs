import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * @typedef {{ pid: number, url?: string, stopping: boolean }} Holder
 * @typedef {{ release(): void }} Claim
 */

/**
 * Claims a folder for this process. The claim is a listening endpoint and not a file, because the system itself ends
 * it together with the process, also on kill -9. Resolves to the holder when another process has it.
 * @param {string} folder
 * @param {() => Holder} describe what another process is told
 * @returns {Promise<{ claim: Claim } | { holder: Holder | undefined }>}
 */
export async function claimFolder(folder, describe) {
  const endpoint = endpointOf(folder);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(JSON.stringify(describe()));
  });
  const code = await new Promise((resolve) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? error.message));
    server.listen(endpoint, () => resolve(undefined));
  });
  if (code === undefined) {
    server.unref();
    return { claim: { release: () => server.close() } };
  }
  if (code !== 'EADDRINUSE') throw new Error(`The folder ${folder} cannot be claimed (${code}).`);
  const holder = await holderOf(folder);
  // A socket file (macOS) outlives its process.
  if (!holder && endpoint.startsWith('/')) rmSync(endpoint, { force: true });
  return { holder };
}

/**
 * Claims the folder, waiting as long as the holder is going away or `patience` lasts: without one, as long as it lives.
 * @param {string} folder
 * @param {{ describe: () => Holder, patience?: number, signal: AbortSignal, refuse?: (holder?: Holder) => Error }} options
 *   patience in milliseconds
 * @returns {Promise<Claim>}
 */
export async function waitForClaim(folder, { describe, patience = Infinity, signal, refuse }) {
  const deadline = Date.now() + patience;
  for (;;) {
    const result = await claimFolder(folder, describe);
    if ('claim' in result) return result.claim;
    if (refuse && Date.now() > deadline && !result.holder?.stopping) throw refuse(result.holder);
    await pause(40, undefined, { signal });
  }
}

/**
 * The process that has claimed the folder, if there is one.
 * @param {string} folder
 * @returns {Promise<Holder | undefined>}
 */
export function holderOf(folder) {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(endpointOf(folder));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text));
      } catch {
        resolve(undefined);
      }
    });
  });
}

/** @param {string} folder */
function endpointOf(folder) {
  const name = `tandem-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}
