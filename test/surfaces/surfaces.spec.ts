import { afterAll, describe, expect, it } from 'vitest';
import { categoryCases, productCases } from './catalog.cases.js';
import { orderCases } from './orders.cases.js';
import { startSurfaces } from './state.js';
import { roleCases, userCases } from './users.cases.js';

// The cases name rows, so the rows come first.
const state = await startSurfaces();
const tables = {
  orders: await orderCases(state),
  categories: categoryCases(state),
  products: await productCases(state),
  users: userCases(state),
  roles: roleCases(),
};
afterAll(() => state.app.stop());

describe.each(Object.entries(tables))('%s', (_name, table) => {
  it.each(table.cases)('$as $name', async (one) => {
    expect(await state.surfaces.differences(table, one)).toEqual([]);
  });
});
it('tells nobody what they may not see', () => {
  expect(state.app.sniffer.leaks).toEqual([]);
});
