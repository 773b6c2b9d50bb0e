import pg from 'pg';
import type { DemoTable } from './demo-table.js';
import { demoTables } from './demo-tables.js';

/** Of several instances that start at once on an empty database, one fills it and the others wait. */
const seedLock = 7_418_034;

/**
 * Fills a database without users with people and what they have done so far, all or nothing. The rows depend on
 * `now` alone. Returns false, with nothing written, when there are users.
 */
export async function seedDemo(connectionUrl: string, now: Date): Promise<boolean> {
  const client = new pg.Client({ connectionString: connectionUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    if (await hasUsers(client)) return false;
    // The serving role's limits are for requests; another instance may need a moment for the same.
    await client.query('begin; set local statement_timeout = 0; set local lock_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [seedLock]);
    if (await hasUsers(client)) return false;
    for (const table of demoTables(now)) await insert(client, table);
    await client.query('commit');
    return true;
  } finally {
    // Ending the connection rolls back what is not committed.
    await client.end();
  }
}
async function hasUsers(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>('select exists (select from users) as there');
  return rows[0].there;
}
async function insert(client: pg.Client, { name, columns, rows }: DemoTable): Promise<void> {
  const names = columns.replace(/ [a-z[\]]+(?=,|$)/g, '');
  await client.query(
    `insert into ${name} (${names}) select ${names} from jsonb_to_recordset($1::jsonb) as r (${columns})`,
    [JSON.stringify(rows)],
  );
}
