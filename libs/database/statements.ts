import { Injectable } from '@nestjs/common';
import { MikroORM } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import pg from 'pg';
import { currentContext } from '#libs/context/request-context.js';
import type { Transaction } from './pipelined-transaction.js';

export type Row = unknown[];
/** A statement with a name is prepared once per connection; without one it is planned at every call. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}
interface Runner {
  executeQuery(query: unknown): Promise<{ rows: Row[] }>;
}

/** `2026-03-14 09:26:53.5+00` → `2026-03-14T09:26:53.500Z`; sessions run in UTC, anything else goes the slow way. */
function rfc3339(text: string): string {
  if (!text.endsWith('+00') || text.length > 26) return new Date(text).toISOString();
  const fraction = text.length > 22 ? text.slice(20, -3).padEnd(3, '0') : '000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}
const timestamptz = 1184;
const int8 = 20;
const numeric = 1700;
/** Documents leave as they are on the wire: times as text, 64-bit integers as numbers (bounded by the contract to 2^53 - 1). */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === timestamptz) return rfc3339;
    if (oid === int8 || oid === numeric) return Number;
    return pg.types.getTypeParser(oid, format);
  },
};

/** A connection that counts what it sends, for the log line of the request and for tests of query counts. */
export class CountingClient extends pg.Client {
  /** Statements of all requests of this process; what runs in the background does not count. */
  static sent = 0;
  override query(...args: unknown[]): any {
    const context = currentContext();
    if (context) {
      context.statements++;
      CountingClient.sent++;
    }
    return (super.query as (...a: unknown[]) => unknown).apply(this, args);
  }
}

/** Runs hand-written and compiled SQL on MikroORM's own pool, or on the connection of a transaction. Rows are arrays. */
@Injectable()
export class Statements {
  private pool?: pg.Pool;
  /** Off for poolers that cannot keep prepared statements. */
  named = true;

  constructor(private readonly orm: MikroORM) {}

  async run(statement: Statement, values: readonly unknown[], within?: Transaction): Promise<Row[]> {
    const query = {
      name: this.named ? statement.name : undefined,
      text: statement.text,
      rowMode: 'array',
      types,
      values: values as unknown[],
    };
    const transaction = within?.getTransactionContext() as Runner | undefined;
    if (transaction) {
      // Kysely hands `sql` to pg untouched, so a query object keeps its name and row mode on the transaction's connection.
      const compiled = { ...CompiledQuery.raw('', []), sql: query, parameters: query.values };
      return (await transaction.executeQuery(compiled)).rows;
    }
    this.pool ??= await this.orm.em.getConnection().getNativeClient();
    const client = await this.pool.connect();
    try {
      return (await client.query(query as unknown as pg.QueryArrayConfig)).rows as Row[];
    } finally {
      client.release();
    }
  }
}
