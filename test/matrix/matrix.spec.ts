import { afterAll, describe, expect, it } from 'vitest';
import { operationsOf } from '#libs/testing/operations.js';
import { uncovered } from './coverage.js';
import { callers } from './expectations.js';
import { fields, inputs, nested, operations } from './expected.js';
import { forbiddenInputs } from './forbidden-inputs.js';
import { hiddenField } from './hidden-fields.js';
import { Matrix, startMatrix } from './matrix.js';

const world = await startMatrix();
const matrix = new Matrix(world);
afterAll(() => world.app.stop());

it('says something of every operation, path, field and write, for every caller', () => {
  expect(uncovered(operationsOf(world.app.app, []), matrix.schema)).toEqual([]);
});
it('answers each of many callers at once as the one who asked', async () => {
  const names = callers.filter((name) => name !== 'anonymous' && name !== 'suspended');
  const asked = Array.from({ length: 10 }, () => names).flat();
  // So many for so few connections may be told to come back.
  const whoAmI = async (name: (typeof names)[number]): Promise<string> => {
    const { status, body } = await world.clients[name].get('/v1/users/me');
    return status === 503 ? whoAmI(name) : (body.id as string);
  };
  expect(await Promise.all(asked.map(whoAmI))).toEqual(asked.map((name) => world.ids[name]));
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
});
describe('input that a command does not take is refused and changes nothing', () => {
  it.each(Object.keys(inputs))('%s', async (operation) => {
    expect(await forbiddenInputs(world, operation)).toEqual([]);
  });
});
it('gave nobody what they may not see', () => {
  expect(world.app.sniffer.leaks).toEqual([]);
});
