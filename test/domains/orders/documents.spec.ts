import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorldOf } from '#test/harness/world.js';
import { knowCallers, quiet } from '#test/queries/counted.js';
import { ordersTests } from './orders.tests.js';
import type { OrdersWorld } from './world.js';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests, quiet);
  await knowCallers(world);
});
afterAll(() => world.app.stop());

describe('a GraphQL document that goes too far sends no statement', () => {
  const nested = (levels: number): string =>
    levels === 0 ? 'id' : `customer { orders(first: 1) { nodes { ${nested(levels - 1)} } } }`;
  const cases: [string, string, Record<string, unknown>?][] = [
    ['depth', `{ orders(first: 1) { nodes { ${nested(5)} } } }`],
    [
      'depth through fragments',
      `{ orders { nodes { ...A } } } fragment A on Order { customer { orders { nodes { ...B } } } }
      fragment B on Order { customer { orders { nodes { ...C } } } } fragment C on Order { customer { orders { nodes { customer { orders { nodes { id } } } } } } }`,
    ],
    ['aliases', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: me { id }`).join(' ')} }`],
    ['root fields', `{ ${Array.from({ length: 21 }, (_, i) => `o${i}: me { id }`).join(' ')} }`],
    ['cost', '{ users(first: 100) { nodes { orders(first: 100) { nodes { lines { id product { name } } } } } } }'],
    [
      'cost by a variable',
      'query ($n: Int) { users(first: $n) { nodes { orders(first: $n) { nodes { id lines { id sku } } } } } }',
      { n: 100 },
    ],
    [
      'cost by the default of a variable',
      'query ($n: Int = 100) { users(first: $n) { nodes { orders(first: $n) { nodes { id lines { id sku } } } } } }',
      {},
    ],
    [
      'cost of pages whose size nobody says, in fragments',
      `{ users(first: 100) { nodes { orders { ...A } } } }
      fragment A on OrderConnection { nodes { id status note lines { id sku name quantity position product { id name } } } }`,
    ],
    [
      'cost of fragments that double each other',
      `{ me { ...F0 } } ${Array.from({ length: 40 }, (_, i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`).join(' ')}
      fragment F40 on User { id }`,
    ],
    ['tokens', `{ me { ${'id '.repeat(2100)} } }`],
    ['a document that is JSON', JSON.stringify({ kind: 'Document', definitions: [] })],
    ['variables that do not fit', 'query ($first: Int!) { orders(first: $first) { nodes { id } } }', { first: 'x' }],
    ['a cycle of fragments', '{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }'],
    ['an unknown field', '{ me { password } }'],
    ['an unknown argument', '{ orders(where: 1) { nodes { id } } }'],
  ];
  it.each(cases)('%s', async (_name, query, variables) => {
    let code: string | undefined;
    const sent = await world.app.statements(async () => {
      const answer = await world.clients.admin.graphql(query, variables);
      code = answer.code;
      expect(answer.status).toBe(400);
    });
    expect(sent).toBe(0);
    expect(['QUERY_TOO_COMPLEX', 'GRAPHQL_INVALID', 'VALIDATION_FAILED']).toContain(code);
  });
});
