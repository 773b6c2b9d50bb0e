import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataFolder } from '../launcher/data-folder.js';
import { portOf, restoreFromCopy, reuseLockedId, takePort } from '../launcher/disturbances.js';
import { build, databasePids, isAlive, kill, status } from '../launcher/launched.js';

// Beside test/launcher/start-and-stop.spec.ts: rarer ends, and each disturbance by itself.
let folder: DataFolder;

beforeAll(() => {
  build();
  folder = new DataFolder();
}, 180_000);

afterAll(() => folder?.remove());

async function readinessOfNextStart(): Promise<number> {
  const { url } = await folder.start();
  return status(`${url}/health/ready`);
}

test('SIGTERM ends everything', async () => {
  const { launcher, servicePid } = await folder.start();
  expect(await launcher.stop('SIGTERM')).toBe(0);
  expect(launcher.stderr).toBe('');
  await folder.expectNothingLeft(servicePid);
});

test('a launcher, a service and a database killed at once come back by one start', async () => {
  const { launcher, servicePid } = await folder.serving();
  for (const pid of [launcher.child.pid ?? 0, servicePid, ...databasePids(folder.path)]) kill(pid);
  await launcher.exited;
  expect(await readinessOfNextStart()).toBe(200);
});

test('a service that hangs after its launcher was killed is ended by the next start', async () => {
  const { launcher, servicePid } = await folder.serving();
  process.kill(servicePid, 'SIGSTOP');
  launcher.child.kill('SIGKILL');
  expect(await readinessOfNextStart()).toBe(200);
  expect(isAlive(servicePid)).toBe(false);
});

test('a lock file whose process id belongs to another program of the same user does not stop a start', async () => {
  const { lock } = await folder.stopped();
  const end = reuseLockedId(folder.path, lock);
  try {
    expect(await readinessOfNextStart()).toBe(200);
  } finally {
    end();
  }
});

test('a database folder that came back from a copy is made PostgreSQL’s own again', async () => {
  await folder.stopped();
  restoreFromCopy(folder.path);
  expect(await readinessOfNextStart()).toBe(200);
});

test('a database port that another program has taken is replaced', async () => {
  await folder.stopped();
  const port = portOf(folder.path);
  const end = await takePort(folder.path);
  try {
    expect(await readinessOfNextStart()).toBe(200);
    expect(portOf(folder.path)).not.toBe(port);
  } finally {
    end();
  }
});
