import { afterAll, describe, expect, it } from 'vitest';
import { startMatrix } from './calls.js';
import { moves, nested, operations } from './expected.js';
import { Matrix } from './matrix.js';

const world = await startMatrix();
const matrix = new Matrix(world);
afterAll(() => world.app.stop());

describe('operations, by REST and by GraphQL', () => {
  it.each(operations)('$operation, $situation', async (row) => {
    expect(await matrix.operation(row)).toEqual([]);
  });
});
describe('paths of GraphQL', () => {
  it.each(nested)('$operation, $situation', async (row) => {
    expect(await matrix.path(row)).toEqual([]);
  });
});
describe('moves of orders', () => {
  it.each(moves)('$operation from $situation', async (row) => {
    expect(await matrix.move(row)).toEqual([]);
  });
});
it('gave nobody what they may not see', () => {
  expect(world.app.sniffer.leaks).toEqual([]);
});
