import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export interface TestDatabaseUrls {
  /** The superuser, in the database `postgres`. */
  readonly adminUrl: string;
  /** The role that owns the tables, in the template. */
  readonly ownerUrl: string;
  /** The role that serves, in the template. */
  readonly servingUrl: string;
}
const template = 'tandem_template';
/** One clone at a time in a test run: PostgreSQL refuses to copy a database that somebody else is copying. */
const cloneLock = 7_418_024;

/** A database of its own for a test file, with everything migrated and nothing in it. */
export class TestDatabase {
  private constructor(
    private readonly adminUrl: string,
    readonly name: string,
    readonly ownerUrl: string,
    readonly servingUrl: string,
    private readonly owner: pg.Pool,
  ) {}

  static async clone(urls: TestDatabaseUrls): Promise<TestDatabase> {
    const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
    await asAdmin(urls.adminUrl, async (admin) => {
      await admin.query('select pg_advisory_lock($1)', [cloneLock]);
      await admin.query(`create database ${name} template ${template} owner tandem_owner strategy file_copy`);
    });
    const at = (url: string) => url.replace(/\/[^/?]+(\?|$)/, `/${name}$1`);
    const owner = new pg.Pool({ connectionString: at(urls.ownerUrl), max: 4 });
    owner.on('error', () => undefined);
    return new TestDatabase(urls.adminUrl, name, at(urls.ownerUrl), at(urls.servingUrl), owner);
  }
  /** Runs SQL as the owner of the tables; rows are objects. */
  async sql<T extends pg.QueryResultRow = any>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.owner.query<T>(text, values)).rows;
  }
  async drop(): Promise<void> {
    await this.owner.end();
    await asAdmin(this.adminUrl, async (admin) => {
      // The end of a pool does not wait for its connections, and one that is terminated meanwhile fails nobody's test.
      const connected = 'select from pg_stat_activity where datname = $1';
      for (let i = 0; i < 100 && (await admin.query(connected, [this.name])).rowCount; i++) await delay(5);
      await admin.query(`drop database if exists ${this.name} with (force)`);
    });
  }
}
async function asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
