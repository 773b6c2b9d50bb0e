import { afterAll, describe, expect, it } from 'vitest';
import { startWorldOf } from '#test/harness/world.js';
import { Matrix } from '#test/matrix/matrix.js';
import { moves } from './expected.js';
import { uncoveredMoves, wrongMoves } from './moves.js';
import { ordersTests } from './orders.tests.js';

const world = await startWorldOf(ordersTests);
const matrix = new Matrix(world);
afterAll(() => world.app.stop());

it('says something of every move from every status, for every caller', () => {
  expect(uncoveredMoves()).toEqual([]);
});
describe('moves of orders', () => {
  it.each(moves)('$operation from $situation', async (row) => {
    expect(await wrongMoves(world, matrix, row)).toEqual([]);
  });
});
it('hidden fields do not filter orders that are reached through users either', async () => {
  const query = '{ me { orders(filter: { internalNote: { contains: "canary" } }) { totalCount } } }';
  expect((await world.clients.ada.graphql(query)).code).toBe('FILTER_NOT_ALLOWED');
  expect((await world.clients.support.graphql(query)).code).toBeUndefined();
});
it('gave nobody what they may not see', () => {
  expect(world.app.sniffer.leaks).toEqual([]);
});
