import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reads } from '#libs/database/reads.js';
import { startWorld, type World } from '#test/harness/world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
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

  it('creating and placing an order of three lines: nine at most', async () => {
    // begin, lock products, take stock, insert order, lines and history, read, commit.
    expect(
      await statements(() => world.clients.ada.post('/v1/orders', { lines: lines(), place: true })),
    ).toBeLessThanOrEqual(9);
  });
  it('a change of a note: five', async () => {
    expect(await statements(() => world.clients.ada.patch(`/v1/orders/${world.orderIds.DRAFT}`, { note: 'x' }))).toBe(
      5,
    );
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
    ['tokens', `{ me { ${'id '.repeat(2100)} } }`],
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
    expect(['QUERY_TOO_COMPLEX', 'GRAPHQL_INVALID']).toContain(code);
  });
});

describe('named statements', () => {
  it('are bounded, whatever clients ask', async () => {
    const reads = world.app.app.get(Reads);
    const fields = ['id', 'status', 'total', 'note', 'placedAt', 'createdAt', 'updatedAt', 'version', 'customerId'];
    for (let shape = 1; shape < 2 ** fields.length; shape++) {
      const asked = fields.filter((_, i) => shape & (1 << i)).join();
      for (let twice = 0; twice < 2; twice++) await world.clients.ada.get(`/v1/orders?limit=1&fields=${asked}`);
    }
    expect(reads.size.named).toBeLessThanOrEqual(300);
    expect(reads.size.plans).toBeLessThanOrEqual(2000);
  });
  it('are prepared on the connection of a transaction too', async () => {
    const id = uuidv7();
    const { database } = world.app;
    for (let i = 0; i < 3; i++)
      await world.clients.ada.post('/v1/orders?fields=id,note,version', {
        ...(i === 0 && { id }),
        lines: [{ productId: world.productIds[0], quantity: 1 }],
      });
    // Visible to the session itself only: asked on every connection of the pool by the service's own role.
    const [{ n }] = await database.sql(
      `select count(*)::int as n from pg_stat_activity where application_name = 'tandem' and datname = $1`,
      [database.name],
    );
    expect(n).toBeGreaterThan(0);
    const { Database } = await import('#libs/database/database.js');
    const { Statements } = await import('#libs/database/statements.js');
    const names = await world.app.app.get(Database).transaction(async (em) => {
      const statementsOf = world.app.app.get(Statements);
      await statementsOf.run({ name: 'pinned', text: 'select $1::int' }, [1], em);
      return statementsOf.run({ text: `select name from pg_prepared_statements where name = 'pinned'` }, [], em);
    });
    expect(names).toEqual([['pinned']]);
  });
});
