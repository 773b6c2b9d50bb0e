import pg from 'pg';
import { problem, type Finding } from './finding.js';

/** Milliseconds that a connection, and then each statement, may take. */
export interface Patience {
  readonly connect: number;
  readonly statement: number;
}
export const patience: Patience = { connect: 5_000, statement: 5_000 };

/** A connection of the doctor's own: bounded in time, read-only by what is asked on it. */
export class Connection {
  private constructor(private readonly client: pg.Client) {}

  static async open(url: string, limits: Patience = patience): Promise<Connection> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: limits.connect,
      query_timeout: limits.statement,
      application_name: 'tandem doctor',
    });
    // A server that goes away in between shows in the next statement.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      // A server that never answers would otherwise keep the process from ending.
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      throw error;
    }
    return new Connection(client);
  }
  /** The process id that the other side gave when it let us in: the server's, or one that a pooler made up. */
  get announcedPid(): number {
    return (this.client as unknown as { processID: number }).processID;
  }
  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }
  async one<Row extends object>(text: string, values: unknown[] = []): Promise<Row> {
    return (await this.rows<Row>(text, values))[0];
  }
  /** As a prepared statement that has this name. */
  async named<Row extends object>(name: string, text: string): Promise<Row> {
    return (await this.client.query<Row>({ name, text })).rows[0];
  }
  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

/** `tandem_app at db.example:5432/tandem`: a URL without its secret. */
export function nameOf(url: string): string {
  const { username, hostname, port, pathname } = new URL(url);
  return `${decodeURIComponent(username)} at ${hostname}:${port || '5432'}${pathname}`;
}

/** What stands between us and a database, with its cure. `variable` is where its address comes from. */
export function unreachable(check: string, variable: string, url: string, error: unknown): Finding {
  const { code, message } = error as { code?: string; message: string };
  const whom = nameOf(url);
  const say = (what: string, cure: string) => problem(check, `${whom}: ${what}`, cure);
  if (code === 'ECONNREFUSED')
    return say('nothing listens there.', `Start PostgreSQL, or correct the host and port of ${variable}.`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return say('the host name is not known.', `Correct the host of ${variable}, or its entry in the DNS.`);
  if (code === '28P01' || code === '28000')
    return say(
      'the role or its password is refused.',
      `Correct the role and password of ${variable}; pg_hba.conf must let it in.`,
    );
  if (code === '3D000')
    return say('there is no such database.', `Create it, or correct the database name of ${variable}.`);
  if (code === '53300')
    return say(
      'there are too many connections.',
      'Raise max_connections, or lower DATABASE_POOL_MAX or the instances.',
    );
  if (code === '42501')
    return say('the role may not connect.', `grant connect on database … to the role of ${variable};`);
  if (code === '57P03') return say('it is still starting, or shutting down.', 'Wait a moment and ask again.');
  if (/timeout/i.test(message))
    return say(
      'no answer in time.',
      'Look for a firewall that drops packets, a server that hangs, or a pooler without a free connection.',
    );
  return say(code ?? message, `Correct ${variable}, or look into the log of PostgreSQL.`);
}
