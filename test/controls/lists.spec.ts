import { describe, expect, it } from 'vitest';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Read } from '#libs/database/compiler.js';
import { Page } from '#libs/database/item.js';
import { Reads } from '#libs/database/reads.js';
import { orders } from '#src/orders/orders.resource.js';
import { startLists } from '#test/lists/started.js';
import { LargeLists, mostRows } from '#test/lists/rows-looked-at.js';
import { restPages, sortedIds, walk } from '#test/lists/walk.js';
import { flaws, Writers } from '#test/domains/orders/writers.js';

/** Pages by offset, whatever the cursor says. */
@Injectable()
class OffsetReads extends Reads {
  private readonly offsets = new Map<string, number>();
  override async page(read: Read, em?: EntityManager): Promise<Page> {
    const offset = read.after ? this.offsets.get(JSON.stringify(read.after))! : 0;
    const all = await super.page({ ...read, after: undefined, limit: 10_000 }, em);
    const end = offset + read.limit!;
    const page = new Page();
    page.cursor = (index) => all.cursor(offset + index);
    page.items.push(...all.items.slice(offset, end));
    page.hasMore = all.items.length > end;
    if (page.hasMore) this.offsets.set(JSON.stringify(all.cursor(end - 1)), end);
    return page;
  }
}
/** A cursor that forgets which of several equal rows it stands for. */
@Injectable()
class LooseReads extends Reads {
  override page(read: Read, em?: EntityManager): Promise<Page> {
    const after = read.after && [...read.after.slice(0, -1), 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    return super.page({ ...read, after }, em);
  }
}
const startWith = (reads: typeof Reads) =>
  startLists(150, { override: (builder) => builder.overrideProvider(Reads).useClass(reads) });

describe('the walk while others write', () => {
  it('meets rows twice or misses them when pages are counted instead of found', { timeout: 60_000 }, async () => {
    const { app, admin } = await startWith(OffsetReads);
    const lasting = await sortedIds(app.database, orders, 'id');
    const writers = new Writers(app.database, lasting);
    writers.start();
    const walked = await walk(restPages(admin, orders, '-createdAt', 7), {
      maxPages: 500,
      between: () => writers.busy(),
    });
    await writers.stop();
    expect(flaws(walked, lasting, writers.moved)).not.toEqual([]);
    await app.stop();
  });
});
describe('the comparison with the sorted list', () => {
  it('fails when ties are cut', async () => {
    const { app, admin } = await startWith(LooseReads);
    const all = await sortedIds(app.database, orders, 'totalAmount');
    expect(await walk(restPages(admin, orders, 'totalAmount', 7), { maxPages: 500 })).not.toEqual(all);
    await app.stop();
  });
});
describe('the count of rows that a page looks at', () => {
  it('goes past its bound when a cursor filters instead of bounding, and without the index', async () => {
    const large = await LargeLists.open();
    const { admin } = LargeLists;
    const after = await large.cursorAt(orders, admin, { sort: 'totalAmount' }, 0.5);
    const page = { sort: 'totalAmount', after };
    const rows = async (change?: (text: string) => string) =>
      Math.max(...(await large.rowsLookedAt(orders, admin, page, change)));
    expect(await rows()).toBeLessThanOrEqual(mostRows);
    expect(await rows((text) => text.replace(/ WHERE (.*) ORDER BY/, ' WHERE ($1) IS TRUE ORDER BY'))).toBeGreaterThan(
      mostRows,
    );
    await large.opened.database.sql('drop index orders_total');
    expect(await rows()).toBeGreaterThan(mostRows);
    await large.close();
  });
});
