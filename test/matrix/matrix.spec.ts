import { afterAll, describe, expect, it } from 'vitest';
import { operationsOf } from '#libs/testing/operations.js';
import { startMatrix } from './calls.js';
import { uncovered } from './coverage.js';
import { callers, fields, inputs, moves, nested, operations } from './expected.js';
import { forbiddenInputs } from './forbidden-inputs.js';
import { hiddenField } from './hidden-fields.js';
import { Matrix } from './matrix.js';

const world = await startMatrix();
const matrix = new Matrix(world);
afterAll(() => world.app.stop());

it('says something of every operation, path, field, write and move, for every caller', () => {
  expect(uncovered(operationsOf(world.app.app, []), matrix.schema)).toEqual([]);
});
it('answers each of many callers at once as the one who asked', async () => {
  const names = callers.filter((name) => name !== 'anonymous' && name !== 'suspended');
  const asked = Array.from({ length: 10 }, () => names).flat();
  const answers = await Promise.all(asked.map((name) => world.clients[name].get('/v1/users/me')));
  expect(answers.map((answer) => answer.body.id)).toEqual(asked.map((name) => world.ids[name]));
});
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
describe('fields that rights hide', () => {
  it.each(fields)('$operation of $situation', async (row) => {
    expect(await hiddenField(world, row)).toEqual([]);
  });
  it('do not filter orders that are reached through users either', async () => {
    const query = '{ me { orders(filter: { internalNote: { contains: "canary" } }) { totalCount } } }';
    expect((await world.clients.ada.graphql(query)).code).toBe('FILTER_NOT_ALLOWED');
    expect((await world.clients.support.graphql(query)).code).toBeUndefined();
  });
});
describe('input that a command does not take is refused and changes nothing', () => {
  it.each(Object.keys(inputs))('%s', async (operation) => {
    expect(await forbiddenInputs(world, operation)).toEqual([]);
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
