import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../../launcher/embedded-database.mjs';

/** What a small production server would have; everything that makes commits durable stays on. */
const SETTINGS = `
shared_buffers = 512MB
effective_cache_size = 2GB
max_wal_size = 4GB
random_page_cost = 1.1
autovacuum_naptime = 10min
`;

/**
 * Starts a PostgreSQL of the bench's own in `data`, as durable as in production.
 * @param {{ root: string, data: string, signal: AbortSignal }} options
 */
export async function openDatabase({ root, data, signal }) {
  mkdirSync(data, { recursive: true });
  const configured = existsSync(join(data, 'postgres'));
  const database = await openEmbeddedDatabase({ root, data, database: 'tandem', durable: true, signal });
  if (!configured) appendFileSync(join(data, 'postgres', 'postgresql.conf'), SETTINGS);
  const server = await database.start(signal);
  return {
    pid: server.pid,
    servingUrl: database.servingUrl(),
    ownerUrl: database.ownerUrl(),
    stop: () => server.stop('fast'),
  };
}
