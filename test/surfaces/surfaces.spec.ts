import { afterAll, describe, expect, it } from 'vitest';
import { operationsOf, twinOf } from '#libs/testing/operations.js';
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
it('has something that works and something that is refused for every operation', () => {
  const all = Object.values(tables).flatMap((table) => table.cases);
  const has = (works: boolean) => new Set(all.filter((c) => (c.outcome === 'OK') === works).map((c) => c.graphql[0]));
  const names = operationsOf(state.app.app, []).rest.flatMap((o) => (o.operationId ? twinOf(o.operationId) : []));
  expect(names.filter((name) => !has(true).has(name) || !has(false).has(name))).toEqual([]);
});
it('tells nobody what they may not see', () => {
  expect(state.app.sniffer.leaks).toEqual([]);
});
