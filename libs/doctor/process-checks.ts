import { statfs } from 'node:fs/promises';
import type { Config } from '#libs/config/config.js';
import { ok, problem, warning, type Finding } from './finding.js';

const NODE = 24;

export function node(version: string = process.versions.node): Finding {
  if (Number.parseInt(version, 10) >= NODE) return ok('node', `Node ${version}`);
  return problem(
    'node',
    `This is Node ${version}.`,
    `Install Node ${NODE}, or the optional packages (\`npm ci\` without --omit=optional), which bring it along.`,
  );
}

export function publicUrl({ environment, http }: Config): Finding {
  const { protocol, hostname } = new URL(http.publicUrl);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (environment === 'production' && isLocal)
    return warning(
      'public-url',
      `PUBLIC_URL is ${http.publicUrl}: links and the issuer of tokens lead nowhere from another machine.`,
      'Set PUBLIC_URL to the https:// origin under which clients reach the service.',
    );
  if (protocol !== 'https:' && !isLocal)
    return warning(
      'public-url',
      `PUBLIC_URL is ${http.publicUrl}: tokens and data cross the network unencrypted.`,
      'Serve it by https:// and set PUBLIC_URL to that.',
    );
  return ok('public-url', http.publicUrl);
}

export function trustProxy({ environment, http }: Config): Finding {
  if (environment !== 'production' || http.trustProxy.length > 0)
    return ok('proxy', http.trustProxy.length > 0 ? `trusted: ${http.trustProxy.join(', ')}` : 'none is trusted');
  return warning(
    'proxy',
    'No reverse proxy is trusted: behind one, all callers without a token share one rate limit.',
    'Set TRUST_PROXY to the addresses of your proxies. Leave it when clients connect without one.',
  );
}

const GIB = 2 ** 30;

/** Space for the embedded database. */
export async function disk(folder: string, freeBytes?: number): Promise<Finding> {
  let free = freeBytes;
  if (free === undefined) {
    const { bavail, bsize } = await statfs(folder);
    free = bavail * bsize;
  }
  const message = `${(free / GIB).toFixed(1)} GiB free in ${folder}`;
  const cure = 'Free some space, or set DATA_DIR to a folder on a larger disk.';
  if (free < GIB / 8) return problem('disk', `${message}: PostgreSQL stops when none is left.`, cure);
  return free < GIB ? warning('disk', message, cure) : ok('disk', message);
}
