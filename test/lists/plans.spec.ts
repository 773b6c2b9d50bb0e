import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allResources } from '#libs/database/resource.js';
import '#src/access/access.resource.js';
import { orders } from '#src/orders/orders.resource.js';
import { LargeLists, mostRows } from './rows-looked-at.js';
import { sortsOf } from './walk.js';

const { admin, customer } = LargeLists;
let large: LargeLists;
beforeAll(async () => {
  large = await LargeLists.open();
});
afterAll(() => large.close());

/** Lists of a handful of rows: sorting all of them costs less than an index for it. */
const handful = new Set(['categories by name', 'categories by createdAt', 'roles by createdAt']);
const sorts = [...allResources()]
  .filter((r) => r.definition.subject)
  .flatMap((resource) => sortsOf(resource).single.map((sort) => ({ resource, sort, key: sort.replace('-', '') })))
  .map((s) => ({ ...s, list: `${s.resource.definition.plural} by ${s.key}` }));

describe('a page anywhere in a list looks at its own rows only', () => {
  it.each(sorts.filter((s) => !handful.has(s.list)))('$resource.definition.plural sorted by $sort', async (s) => {
    const { resource, sort, key } = s;
    const { nullable, sql } = resource.column(key);
    for (const where of nullable ? [`${sql} is null`, `${sql} is not null`] : ['true'])
      for (const part of [0, 0.5, 1]) {
        const after = await large.cursorAt(resource, admin, { sort }, part, where);
        const rows = await large.rowsLookedAt(resource, admin, { sort, after });
        expect(Math.max(...rows), `${where} at ${part}`).toBeLessThanOrEqual(mostRows);
      }
    expect(Math.max(...(await large.rowsLookedAt(resource, admin, { sort })))).toBeLessThanOrEqual(mostRows);
  });
  it.each(sortsOf(orders).single.filter((sort) => !sort.includes('id')))(
    'orders of one status sorted by %s',
    async (sort) => {
      const page = { sort, filter: { status: { eq: 'RETURNED' } } };
      const after = await large.cursorAt(orders, admin, page, 0.5, `status = 'RETURNED'`);
      for (const p of [page, { ...page, after }])
        expect(Math.max(...(await large.rowsLookedAt(orders, admin, p)))).toBeLessThanOrEqual(mostRows);
    },
  );
  it.each(['createdAt', '-createdAt'])('orders of a customer sorted by %s', async (sort) => {
    const after = await large.cursorAt(orders, customer, { sort }, 0.5, `customer_id = '${customer.id}'`);
    for (const page of [{ sort }, { sort, after }])
      expect(Math.max(...(await large.rowsLookedAt(orders, customer, page)))).toBeLessThanOrEqual(mostRows);
  });
});
