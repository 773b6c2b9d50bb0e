import type { Pool, PoolClient } from 'pg';
import { Database } from '#libs/database/database.js';
import type { Transaction } from '#libs/database/pipelined-transaction.js';
import type { Row } from '#libs/database/statements.js';
import { openDatabase, type Opened } from './opened.js';

/** Pipelined transactions on tables of their own. */
export class Pipelined {
  readonly database: Database;

  private constructor(readonly opened: Opened) {
    this.database = new Database(opened.orm);
  }
  static async open(): Promise<Pipelined> {
    const opened = await openDatabase();
    await opened.database.sql(
      `create table things (id int primary key, other int unique deferrable initially deferred)`,
    );
    await opened.database.sql('grant select, insert, update on things to tandem_app');
    await opened.database.sql('insert into things values (1, 1), (2, 2)');
    return new Pipelined(opened);
  }
  async pool(): Promise<Pool> {
    return this.opened.orm.em.getConnection().getNativeClient();
  }
  run(transaction: Transaction, text: string, values: unknown[] = []): Promise<Row[]> {
    return this.opened.statements.run({ text }, values, transaction);
  }
  insert(transaction: Transaction, id: number, other = id): Promise<Row[]> {
    return this.run(transaction, 'insert into things values ($1, $2)', [id, other]);
  }
  /** What others see. */
  async ids(): Promise<number[]> {
    const rows = await this.opened.database.sql<{ id: number }>('select id from things order by id');
    return rows.map(({ id }) => id);
  }
  /** A transaction that inserts 3 and 4, and fails between the two; what it left behind, and how it ended. */
  async failBetween(text = 'insert into things values (1, 9)'): Promise<{ ids: number[]; error: unknown }> {
    const error = await this.database
      .pipelined(
        (transaction) => this.run(transaction, 'select id from things where id = 1 for update'),
        (transaction) =>
          Promise.all([this.insert(transaction, 3), this.run(transaction, text), this.insert(transaction, 4)]),
      )
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    return { ids: await this.ids(), error };
  }
  /** Fails unless all connections of the pool are free, and outside of transactions. */
  async requireQuiet(): Promise<void> {
    const pool = await this.pool();
    const clients: PoolClient[] = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
    const states = clients.map((client) => client.getTransactionStatus());
    for (const client of clients) client.release();
    if (states.some((state) => state !== 'I')) throw new Error(`connections are left as ${states.join()}`);
  }
}
