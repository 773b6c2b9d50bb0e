import { afterAll, beforeAll, expect, it } from 'vitest';
import { Roles } from '#libs/authz/roles.js';
import { orders } from '#src/orders/orders.resource.js';
import { LargeLists, mostRows } from '#test/lists/rows-looked-at.js';
import { sortsOf } from '#test/lists/walk.js';

const { admin } = LargeLists;
/** Has placed some of the orders. */
const customer = new Roles().actor('00000000-0000-4000-8000-000000000001', ['customer']);
let large: LargeLists;
beforeAll(async () => {
  large = await LargeLists.open(async (database) => {
    const some = (order: string, limit: number) => `id in (select id from orders order by ${order} limit ${limit})`;
    await database.sql(`update orders set status = 'RETURNED' where ${some('id', 300)}`);
    await database.sql(`insert into users (id, email, display_name) values ($1, 'few@tandem.example', 'Few')`, [
      customer.id,
    ]);
    await database.sql(`update orders set customer_id = $1 where ${some('id desc', 100)}`, [customer.id]);
  });
});
afterAll(() => large.close());

it.each(sortsOf(orders).single.filter((sort) => !sort.includes('id')))(
  'a page of orders of one status sorted by %s looks at its own rows only',
  async (sort) => {
    const page = { sort, filter: { status: { eq: 'RETURNED' } } };
    const after = await large.cursorAt(orders, admin, page, 0.5, `status = 'RETURNED'`);
    for (const p of [page, { ...page, after }])
      expect(Math.max(...(await large.rowsLookedAt(orders, admin, p)))).toBeLessThanOrEqual(mostRows);
  },
);
it.each(['createdAt', '-createdAt'])(
  'a page of the orders of a customer sorted by %s looks at its own rows only',
  async (sort) => {
    const after = await large.cursorAt(orders, customer, { sort }, 0.5, `customer_id = '${customer.id}'`);
    for (const page of [{ sort }, { sort, after }])
      expect(Math.max(...(await large.rowsLookedAt(orders, customer, page)))).toBeLessThanOrEqual(mostRows);
  },
);
