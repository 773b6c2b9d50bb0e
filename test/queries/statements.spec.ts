import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Injectable } from '@nestjs/common';
import { AccessSource } from '#libs/authn/access-state.js';
import { Roles } from '#libs/authz/roles.js';
import { Database } from '#libs/database/database.js';
import type { FilterInput, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { selectionOf } from '#libs/database/selection.js';
import { Statements } from '#libs/database/statements.js';
import { DatabaseAccessSource } from '#src/access/access-source.js';
import { orders } from '#src/orders/orders.resource.js';
import { startWorld, type World } from '#test/harness/world.js';

/** Tells of no change after the first look, so that no account has to be read again while statements are counted. */
@Injectable()
class QuietSource extends DatabaseAccessSource {
  override async changes(position: string | undefined) {
    return position === undefined ? super.changes(position) : { position, accounts: [], roles: false };
  }
}
let world: World;
beforeAll(async () => {
  world = await startWorld({ override: (builder) => builder.overrideProvider(AccessSource).useClass(QuietSource) });
  // 120 orders of Ada and Grace in one go.
  const { database } = world.app;
  await database.sql(
    `insert into orders (id, customer_id, status, currency, placed_at)
     select gen_random_uuid(), case when n % 2 = 0 then $1::uuid else $2::uuid end, 'PLACED', 'EUR', now() from generate_series(1, 120) n`,
    [world.ids.ada, world.ids.grace],
  );
  await database.sql(
    `insert into order_lines (id, order_id, customer_id, position, product_id, sku, name, unit_price_amount, currency, quantity)
     select gen_random_uuid(), o.id, o.customer_id, p.n, p.id, 'sku', 'name', 100, 'EUR', 1
     from orders o, unnest($1::uuid[]) with ordinality p(id, n) where o.total_amount = 0`,
    [world.productIds],
  );
  // Accounts are remembered from here on.
  for (const client of Object.values(world.clients)) await client.get('/v1/products?limit=1');
});
afterAll(() => world.app.stop());

const statements = (work: () => Promise<{ status: number; errors?: unknown[] }>, expectErrors = false) =>
  world.app.statements(async () => {
    const answer = await work();
    if (!expectErrors)
      expect({ status: answer.status, errors: answer.errors ?? [] }).toMatchObject({
        status: expect.toSatisfy((s: number) => s < 300),
        errors: [],
      });
  });

describe('statements of reads', () => {
  const deep = `query ($first: Int!) { orders(first: $first) { nodes {
    id status total { amount } lines { quantity product { name category { name } } } customer { displayName } } } }`;

  it.each([5, 20, 100])('%i orders with lines, products and customer by GraphQL: one', async (first) => {
    let rows = 0;
    const sent = await statements(async () => {
      const answer = await world.clients.support.graphql(deep, { first });
      rows = answer.data.orders.nodes.length;
      expect(answer.data.orders.nodes[0].lines[0].product.category.name).toBe('Things');
      return answer;
    });
    expect({ rows, sent }).toEqual({ rows: first, sent: 1 });
  });
  it('users, their latest orders, lines and products by GraphQL: two', async () => {
    const query = `{ users(first: 20) { nodes { displayName orders(first: 5) { nodes { id lines { product { name } } } } } } }`;
    expect(await statements(() => world.clients.support.graphql(query))).toBe(2);
  });
  it('the same with both counts: four', async () => {
    const query = `{ users(first: 20) { totalCount nodes { displayName orders(first: 5) { totalCount nodes { id } } } } }`;
    expect(await statements(() => world.clients.support.graphql(query))).toBe(4);
  });
  it('a second to-many relation: one more, whatever the page', async () => {
    const query = (first: number) => `{ orders(first: ${first}) { nodes { lines { sku } history { toStatus } } } }`;
    for (const first of [5, 100]) expect(await statements(() => world.clients.support.graphql(query(first)))).toBe(2);
  });
  it.each([
    ['a list', '/v1/orders?limit=20', 1],
    [
      'a list with lines, products and customer',
      '/v1/orders?limit=20&fields=id,lines.product.name,customer.displayName',
      1,
    ],
    ['a list with its count', '/v1/orders?limit=20&count=true', 2],
    ['a product', '/v1/products?q=thing', 1],
    ['the own profile', '/v1/users/me', 1],
  ])('%s by REST: %s', async (_name, path, expected) => {
    expect(await statements(() => world.clients.ada.get(path))).toBe(expected);
  });
  it('one order by REST and by GraphQL: one', async () => {
    const id = world.orderIds.PLACED;
    expect(await statements(() => world.clients.ada.get(`/v1/orders/${id}`))).toBe(1);
    const query = 'query ($id: ID!) { order(id: $id) { id lines { sku } customer { displayName } } }';
    expect(await statements(() => world.clients.ada.graphql(query, { id }))).toBe(1);
  });
  it('what may not be read at all: none', async () => {
    expect(await statements(() => world.clients.anonymous.get('/v1/orders'), true)).toBe(0);
    expect(await statements(() => world.clients.anonymous.graphql('{ orders { nodes { id } } }'), true)).toBe(0);
    expect(await statements(() => world.clients.suspended.get('/v1/orders'), true)).toBe(0);
  });
});

describe('statements of commands', () => {
  const lines = () => world.productIds.map((productId) => ({ productId, quantity: 1 }));
  it.each<[string, number, () => Promise<{ status: number }>]>([
    ['a draft of three lines', 5, () => world.clients.ada.post('/v1/orders', { lines: lines() })],
    [
      'an order of three lines, placed at once',
      5,
      () => world.clients.ada.post('/v1/orders', { lines: lines(), place: true }),
    ],
    ['a change of a note', 5, () => world.clients.ada.patch(`/v1/orders/${world.orderIds.DRAFT}`, { note: 'x' })],
    [
      'a line of a draft',
      8,
      () => world.clients.ada.put(`/v1/orders/${world.orderIds.DRAFT}/lines/${world.productIds[2]}`, { quantity: 2 }),
    ],
    ['placing a draft of three lines', 8, () => world.clients.ada.post(`/v1/orders/${world.orderIds.DRAFT}/place`)],
    [
      'a move without effect on stock',
      6,
      () => world.clients.support.post(`/v1/orders/${world.orderIds.PLACED}/confirm`),
    ],
    [
      'a cancel that gives pieces back',
      9,
      () => world.clients.support.post(`/v1/orders/${world.orderIds.CONFIRMED}/cancel`),
    ],
    ['a change of the own profile', 5, () => world.clients.ada.patch('/v1/users/me', { displayName: 'Ada again' })],
  ])('%s: %i', async (_name, expected, command) => {
    expect(await statements(command)).toBe(expected);
  });
  it('a command that is refused before it begins: none', async () => {
    const { ada, anonymous } = world.clients;
    for (const command of [
      () => ada.post('/v1/orders', { lines: [] }),
      () => ada.post('/v1/orders', { lines: lines(), ownerId: 'x' }),
      () => ada.post(`/v1/orders/${world.orderIds.DRAFT}/ship`),
      () => anonymous.post('/v1/orders', { lines: lines() }),
      () =>
        ada.graphql('mutation ($input: CreateOrderInput!) { createOrder(input: $input) { id } }', {
          input: { lines: [] },
        }),
    ])
      expect(await statements(command, true)).toBe(0);
  });
});

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

describe('named statements', () => {
  it('are bounded, whatever clients ask', { timeout: 60_000 }, async () => {
    const reads = world.app.app.get(Reads);
    const statementsOf = world.app.app.get(Statements);
    const actor = new Roles().actor(world.ids.ada, ['customer']);
    const all = orders.ownFields();
    const filters: FilterInput[] = [{ status: { ne: 'DRAFT' } }, { totalAmount: { gte: 100, lte: 900 } }, {}];
    const shapes = Array.from({ length: 1000 }, (_, shape): ListInput => {
      const fields = all.filter((_field, bit) => (shape + 1) & (1 << bit));
      return { selection: selectionOf(orders, fields.length ? fields : ['id']), filter: filters[shape % 3], limit: 1 };
    });
    for (const input of shapes) for (let i = 0; i < 3; i++) await reads.list(orders, actor, input);
    expect(reads.size.named).toBe(300);
    expect(reads.size.plans).toBeLessThanOrEqual(2000);
    const count = { text: 'select count(*)::int from pg_prepared_statements' };
    const counts = await Promise.all(Array.from({ length: 30 }, () => statementsOf.run(count, [])));
    expect(Math.max(...counts.map(([[n]]) => n as number))).toBeGreaterThan(0);
    for (const [[n]] of counts) expect(n).toBeLessThan(350);
  });
  it('are prepared on the connection of a transaction, and used there again', async () => {
    const { app } = world.app;
    const reads = new Reads(app.get(Statements));
    const actor = new Roles().actor(world.ids.ada, ['customer']);
    const ask = { selection: selectionOf(orders, ['id', 'note']) };
    const prepared = await app.get(Database).transaction(async (em) => {
      for (let i = 0; i < 4; i++) await reads.document(orders, actor, world.orderIds.PLACED, ask, em);
      return app.get(Statements).run(
        {
          text: `select name, generic_plans + custom_plans from pg_prepared_statements where statement like 'SELECT t0.%note%'`,
        },
        [],
        em,
      );
    });
    expect(prepared).toEqual([[expect.stringMatching(/^r[\w-]{20}$/), 3]]);
  });
  it('are not named where a pooler could not keep them', async () => {
    const { app } = world.app;
    const statementsOf = app.get(Statements);
    statementsOf.named = false;
    const names = await app.get(Database).transaction(async (em) => {
      await statementsOf.run({ name: 'pooled', text: 'select 1' }, [], em);
      return statementsOf.run({ text: `select name from pg_prepared_statements where name = 'pooled'` }, [], em);
    });
    statementsOf.named = true;
    expect(names).toEqual([]);
  });
});
