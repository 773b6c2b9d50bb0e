import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import { detailOf } from '#libs/database/selection.js';
import type { Rule } from '#libs/authz/rules.js';
import { Stock } from '#src/catalog/stock.js';
import { orders } from '#src/orders/orders.resource.js';
import { OrdersService } from '#src/orders/orders.service.js';
import { holder, loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';
import { randomConditions } from '#test/queries/random-rules.js';
import { me } from '#test/queries/seeds.js';

let opened: Opened;
let rows: AccessRows;
let service: OrdersService;
const productId = randomUUID();
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
  await opened.database.sql(
    `insert into products (id, category_id, sku, name, description, price_amount, currency, stock, status)
     select $1, category_id, 'for-sale', name, description, 700, 'EUR', 100000, 'ACTIVE' from products limit 1`,
    [productId],
  );
  const { orm, reads, statements } = opened;
  const unused = undefined as never;
  service = new OrdersService(new Database(orm), reads, unused, statements, new Stock(statements), unused, unused);
});
afterAll(() => opened.close());

const ask = { selection: detailOf(orders) };
const create = (rules: Rule[], id: string, place: boolean) =>
  service.create(holder(me, [rules]), { id, place, lines: [{ productId, quantity: 2 }] }, ask);
const writing = ['create', 'place'].map((action): Rule => ({ action, subject: 'Order' }));
const reading = (conditions?: Record<string, unknown>): Rule => ({ action: 'read', subject: 'Order', conditions });
const left = async (id: string) => {
  const [{ stock }] = await opened.database.sql<{ stock: number }>('select stock from products where id = $1', [
    productId,
  ]);
  const [{ n }] = await opened.database.sql<{ n: number }>('select count(*)::int as n from orders where id = $1', [id]);
  return { stock, orders: n };
};

const seed = Math.trunc(Math.random() * 2 ** 31);
it(`who may not read an order that they create creates none, seed ${seed}`, { timeout: 60_000 }, async () => {
  let refused = 0;
  const property = fc.asyncProperty(randomConditions(rows, 'Order'), fc.boolean(), async (conditions, place) => {
    const id = randomUUID();
    const before = await left(id);
    const rules = [...writing, reading(conditions)];
    const error = await create(rules, id, place).then(
      () => undefined,
      (reason: { code?: string }) => reason,
    );
    const after = await left(id);
    if (!error) {
      expect(after).toEqual({ orders: 1, stock: before.stock - (place ? 2 : 0) });
      return;
    }
    refused++;
    expect(error.code).toBe('ORDER_NOT_FOUND');
    expect(after).toEqual(before);
    // Correct: this actor cannot read such an order, whoever created it.
    await create([...writing, reading()], id, place);
    expect(await opened.reads.document(orders, holder(me, [rules]), id, ask)).toBeUndefined();
  });
  await fc.assert(property, { seed, numRuns: 100 });
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(90);
});
