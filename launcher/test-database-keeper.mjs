// Holds the throw-away PostgreSQL of one test run. It lives as long as the channel to the test runner, which the system
// closes when that ends in whatever way, and it cleans up after keepers that were themselves killed.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from './claim.mjs';
import { openEmbeddedDatabase } from './embedded-database.mjs';
import { explain } from './failure.mjs';
import { stopLeftover } from './postgres-server.mjs';

const PREFIX = 'tandem-test-';

/** A folder younger than this may belong to a keeper that has not claimed it yet; in milliseconds. */
const YOUNG = 60_000;

const root = process.argv[2];
const ending = new AbortController();
process.once('disconnect', () => ending.abort());
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => ending.abort());

const data = mkdtempSync(join(tmpdir(), PREFIX));
/** @type {import('./postgres-server.mjs').RunningServer | undefined} */
let server;
try {
  await claimFolder(data, () => ({ pid: process.pid, stopping: ending.signal.aborted }));
  await removeAbandoned();
  const database = await openEmbeddedDatabase({
    root,
    data,
    database: 'tandem_template',
    durable: false,
    signal: ending.signal,
  });
  server = await database.start(ending.signal);
  process.send?.({ adminUrl: database.adminUrl(), ownerUrl: database.ownerUrl(), servingUrl: database.servingUrl() });
  await new Promise((resolve) => {
    if (ending.signal.aborted) resolve(undefined);
    ending.signal.addEventListener('abort', resolve);
  });
} catch (error) {
  if (!ending.signal.aborted) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
} finally {
  await server?.stop('immediate');
  rmSync(data, { recursive: true, force: true });
  if (process.connected) process.disconnect();
}

async function removeAbandoned() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const entry = statSync(folder, { throwIfNoEntry: false });
    if (!entry?.isDirectory() || entry.uid !== (process.getuid?.() ?? 0) || Date.now() - entry.mtimeMs < YOUNG)
      continue;
    const result = await claimFolder(folder, () => ({ pid: process.pid, stopping: true }));
    if (!('claim' in result)) continue;
    await stopLeftover({ cluster: join(folder, 'postgres'), how: 'immediate' });
    rmSync(folder, { recursive: true, force: true });
    result.claim.release();
  }
}
