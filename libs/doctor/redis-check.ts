import { createClient } from '@redis/client';
import type { Patience } from './connection.js';
import { ok, problem, warning, type Finding } from './finding.js';

const CHECK = 'redis';
const OLDEST = [6, 2] as const;

/** Whether instances can share limits in Redis. That it is away stops nothing: each then has its own part of them. */
export async function redis(url: string, { connect }: Patience): Promise<Finding> {
  const { hostname, port, protocol } = new URL(url);
  const whom = `${hostname}:${port || '6379'}`;
  let refusal: Error | undefined;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: connect },
    socket: { connectTimeout: connect, reconnectStrategy: false },
  });
  client.on('error', (error: Error) => (refusal = error));
  try {
    await inTime(client.connect(), connect);
    const info = await inTime(client.info('server'), connect);
    const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
    const [major, minor] = version.split('.').map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
      return problem(CHECK, `${whom}: Redis ${version} is too old.`, `Upgrade to Redis ${OLDEST.join('.')} or later.`);
    const cluster = await inTime(client.info('cluster'), connect);
    if (/^cluster_enabled:1/m.test(cluster))
      return problem(
        CHECK,
        `${whom}: this is one node of a cluster, and limits need the others, too.`,
        'Name a Redis without cluster mode, or a proxy in front of the cluster, in REDIS_URL.',
      );
    return ok(CHECK, `${whom} answers: Redis ${version}${protocol === 'rediss:' ? ', over TLS' : ''}`);
  } catch (error) {
    return unreachable(whom, refusal ?? (error as Error));
  } finally {
    client.destroy();
  }
}

function unreachable(whom: string, { message }: Error): Finding {
  if (/NOAUTH|WRONGPASS|NOPERM/.test(message))
    return problem(
      CHECK,
      `${whom}: the user or its password is refused.`,
      'Correct them in REDIS_URL; the user needs EVALSHA, EVAL, hashes, sorted sets, PEXPIRE and TIME on tandem:*.',
    );
  return warning(
    CHECK,
    `${whom}: ${/no answer/.test(message) ? 'no answer in time' : 'it cannot be reached'}; until it can, each instance goes on with its own part of the limits.`,
    'Start Redis, correct REDIS_URL, or leave it out: limits are then kept in PostgreSQL.',
  );
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), milliseconds);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
