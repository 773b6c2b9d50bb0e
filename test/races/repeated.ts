import type { EntityManager } from '@mikro-orm/postgresql';
import { Database } from '#libs/database/database.js';

/** Counts attempts beyond the first of transactions: what PostgreSQL broke off as a deadlock is run again, and nobody notices. */
export class CountingDatabase extends Database {
  static repeated = 0;
  override transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    let attempts = 0;
    return super.transaction((em) => {
      if (++attempts > 1) CountingDatabase.repeated++;
      return work(em);
    });
  }
}
