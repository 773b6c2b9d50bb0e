import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** What a data folder may have met with when Tandem did not run. */

/** The id in PostgreSQL's lock file has become that of another program of its user. `lock` is the file as it was. */
export function reuseLockedId(data: string, lock: string): () => void {
  const file = join(data, 'postgres/postmaster.pid');
  const { uid, gid } = statSync(join(data, 'postgres'));
  const bystander = spawn('sleep', ['600'], { uid, gid, cwd: '/', stdio: 'ignore' });
  writeFileSync(file, [bystander.pid, ...lock.split('\n').slice(1)].join('\n'), { mode: 0o600 });
  chownSync(file, uid, gid);
  return () => bystander.kill('SIGKILL');
}
export function readLock(data: string): string {
  return readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8');
}

/** The database came back from a copy: it is whose copy it is, and open to everybody. */
export function restoreFromCopy(data: string): void {
  const folder = join(data, 'postgres');
  renameSync(folder, `${folder}.before`);
  cpSync(`${folder}.before`, folder, { recursive: true });
  chmodSync(folder, 0o755);
  rmSync(`${folder}.before`, { recursive: true });
}

/** Another program listens on the port that the database had, if none does yet. */
export async function takePort(data: string): Promise<() => void> {
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.once('error', () => resolve());
    other.listen(portOf(data), '127.0.0.1', resolve);
  });
  return () => other.close();
}
export function portOf(data: string): number {
  return (JSON.parse(readFileSync(join(data, 'postgres.json'), 'utf8')) as { port: number }).port;
}
