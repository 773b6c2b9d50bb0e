import { Injectable } from '@nestjs/common';
import { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { PipelinedTransaction, type Transaction } from './pipelined-transaction.js';

const retryable = new Set(['40001', '40P01']);

/** Transactions for commands. */
@Injectable()
export class Database {
  constructor(private readonly orm: MikroORM) {}

  /**
   * Runs `work` in one transaction with an entity manager of its own; what it throws rolls everything back.
   * A deadlock or serialization failure runs it again, up to `attempts` times in all, so it must have no effect outside the
   * database when that is more than one.
   */
  transaction<T>(work: (em: EntityManager) => Promise<T>, { attempts = 3 } = {}): Promise<T> {
    return retried(attempts, async () => {
      const em = this.orm.em.fork({ clear: true, useContext: false }) as EntityManager;
      await em.begin();
      try {
        const result = await work(em);
        await em.commit();
        return result;
      } catch (error) {
        await em.rollback().catch(() => undefined);
        throw error;
      }
    });
  }
  /**
   * The same in two round trips, for statements that are written by hand: `first` reads and locks, `last` sends all that is
   * written, at once. See `PipelinedTransaction` for what each may do.
   */
  pipelined<A, T>(
    first: (transaction: Transaction) => Promise<A>,
    last: (transaction: Transaction, found: A) => Promise<T>,
    { attempts = 3 } = {},
  ): Promise<T> {
    return retried(attempts, async () => PipelinedTransaction.run(await (await this.pool()).connect(), first, last));
  }
  /** One trivial statement: whether the database answers. */
  async ping(): Promise<void> {
    await (await this.pool()).query('select 1');
  }
  private async pool(): Promise<Pool> {
    return await this.orm.em.getConnection().getNativeClient();
  }
}

async function retried<T>(attempts: number, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await run();
    } catch (error) {
      if (attempt >= attempts || !retryable.has((error as { code?: string }).code ?? '')) throw error;
    }
}
