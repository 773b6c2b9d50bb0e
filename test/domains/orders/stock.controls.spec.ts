import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import type { Transaction } from '#libs/database/pipelined-transaction.js';
import { Stock, type Offer, type Quantity } from '#src/catalog/stock.js';
import { startWorldOf } from '#test/harness/world.js';
import { atOnce, tally } from '#test/races/parallel.js';
import { ordersTests } from './orders.tests.js';
import { placement, raceForTheLastPieces, raceOfCancels } from './races.js';

const timeout = 60_000;

/** Lets nobody past before so many have come. */
function barrier(of: number): () => Promise<void> {
  let come = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    if (++come >= of) resolve();
    return promise;
  };
}

describe('without what keeps the stock right', () => {
  /** Looks first and takes afterwards. */
  @Injectable()
  class UnlockedStock extends Stock {
    override async hold(transaction: Transaction, wanted: readonly Quantity[]): Promise<Map<string, Offer>> {
      const offers = await this.offers(
        transaction,
        wanted.map((w) => w.productId),
      );
      const isShort = wanted.some((w) => offers.get(w.productId)!.stock < w.quantity);
      return isShort ? super.hold(transaction, wanted) : offers;
    }
  }
  it('pieces are sold twice: no locks, no constraint', { timeout }, async () => {
    const world = await startWorldOf(ordersTests, {
      override: (builder) => builder.overrideProvider(Stock).useClass(UnlockedStock),
    });
    await world.app.database.sql('alter table products drop constraint products_stock_not_negative');
    const { state } = await raceForTheLastPieces(world, 'REST');
    expect(state.placed).toBeGreaterThan(10);
    expect(state.stock).toBeLessThan(0);
    await world.app.stop();
  });

  it('orders wait for each other: products are locked as the order names them', { timeout }, async () => {
    const bothHoldOne = barrier(2);
    @Injectable()
    class DisorderlyStock extends Stock {
      override async hold(transaction: Transaction, wanted: readonly Quantity[]): Promise<Map<string, Offer>> {
        const offers = new Map<string, Offer>();
        for (const w of wanted) {
          for (const [id, offer] of await super.hold(transaction, [w])) offers.set(id, offer);
          await bothHoldOne();
        }
        return offers;
      }
    }
    let repeated = 0;
    @Injectable()
    class CountingDatabase extends Database {
      override pipelined<A, T>(
        first: (transaction: Transaction) => Promise<A>,
        last: (transaction: Transaction, found: A) => Promise<T>,
      ): Promise<T> {
        let attempts = 0;
        return super.pipelined((transaction) => {
          if (++attempts > 1) repeated++;
          return first(transaction);
        }, last);
      }
    }
    const world = await startWorldOf(ordersTests, {
      override: (builder) =>
        builder.overrideProvider(Stock).useClass(DisorderlyStock).overrideProvider(Database).useClass(CountingDatabase),
    });
    const [a, b] = world.productIds;
    expect(tally(await atOnce(world.clients.ada, 'REST', [placement([a, b]), placement([b, a])]))).toEqual({ OK: 2 });
    expect(repeated).toBeGreaterThan(0);
    await world.app.stop();
  });

  it('whoever cancels too late hears something else: the order is not locked', { timeout }, async () => {
    const allHaveRead = barrier(10);
    @Injectable()
    class UnlockedDatabase extends Database {
      override transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
        return super.transaction((em) => {
          const findOne = em.findOne.bind(em) as (...args: unknown[]) => Promise<never>;
          em.findOne = (async (entity: unknown, where: unknown) => {
            const found = await findOne(entity, where);
            await allHaveRead();
            return found;
          }) as never;
          return work(em);
        });
      }
    }
    const world = await startWorldOf(ordersTests, {
      override: (builder) => builder.overrideProvider(Database).useClass(UnlockedDatabase),
    });
    // What is left to keep the stock right is that no two moves of an order have one number.
    expect(await raceOfCancels(world, 'REST')).toMatchObject({ told: { OK: 1, CONFLICT: 9 } });
    await world.app.stop();
  });
});
