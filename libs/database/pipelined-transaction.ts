import type { PoolClient, QueryConfig, QueryResult } from 'pg';

/** What reads and statements need to know of a transaction; MikroORM's entity manager has it, too. */
export interface Transaction {
  getTransactionContext(): unknown;
}
/** `pg` sends without waiting for answers while `pipeline` is set. */
type Client = Omit<PoolClient, 'pipeline'> & { pipeline: boolean };

/**
 * A transaction of hand-written statements in two round trips: `begin` goes out with what `first` sends, and `commit` with what
 * `last` sends.
 *
 * - `first` reads and locks but writes nothing: if `begin` failed, it would run by itself.
 * - `last` sends all that it writes before it waits for anything. Throwing until then rolls back; afterwards it is too late,
 *   so what the caller may see has to be decided before. What it still reads then sees what was committed.
 * - After a failure PostgreSQL takes what follows for part of a transaction that is lost, and `commit` for `rollback`: what
 *   `last` sends is written as a whole or not at all, and the first failure is thrown.
 */
export class PipelinedTransaction implements Transaction {
  private readonly answers: Promise<unknown>[] = [];
  private ended = false;

  private constructor(private readonly client: Client) {}

  static async run<A, T>(
    connection: PoolClient,
    first: (transaction: Transaction) => Promise<A>,
    last: (transaction: Transaction, found: A) => Promise<T>,
  ): Promise<T> {
    const client = connection as unknown as Client;
    const transaction = new PipelinedTransaction(client);
    client.pipeline = true;
    try {
      return await transaction.run(first, last);
    } finally {
      // Nobody else gets the connection before it is quiet.
      await Promise.allSettled(transaction.answers);
      client.pipeline = false;
      client.release(client.getTransactionStatus() !== 'I');
    }
  }
  getTransactionContext(): this {
    return this;
  }
  /** As `Statements` runs statements inside a transaction of MikroORM. */
  executeQuery({ sql }: { sql: QueryConfig }): Promise<QueryResult> {
    if (this.ended && !/^select\b/i.test(sql.text))
      return Promise.reject(new Error('The transaction has been committed: write before waiting for an answer.'));
    return this.send(sql);
  }

  private async run<A, T>(
    first: (transaction: Transaction) => Promise<A>,
    last: (transaction: Transaction, found: A) => Promise<T>,
  ): Promise<T> {
    try {
      const [, found] = await Promise.all(this.together(() => [this.send('begin'), this.noted(first(this))] as const));
      const [result, { command }] = await Promise.all(
        this.together(() => {
          const result = this.noted(last(this, found));
          this.ended = true;
          return [result, this.send('commit')] as const;
        }),
      );
      if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}.`);
      return result;
    } catch (error) {
      if (!this.ended) await this.send('rollback').catch(() => undefined);
      throw error;
    }
  }
  private send(query: string | QueryConfig): Promise<QueryResult> {
    return this.noted(this.client.query(query as QueryConfig));
  }
  /** One write to the socket for everything that is sent meanwhile. */
  private together<R>(send: () => R): R {
    const { stream } = this.client.connection;
    stream.cork();
    try {
      return send();
    } finally {
      stream.uncork();
    }
  }
  /** Not with a reaction of its own: stack traces follow a promise to the one that awaits it. */
  private noted<T>(answer: Promise<T>): Promise<T> {
    this.answers.push(answer);
    return answer;
  }
}
