import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, TestClient } from '#libs/testing/clients.js';
import { startWorld, type World } from '#test/harness/world.js';
import { persistent } from './persistent.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.app.stop());

interface Api {
  readonly name: string;
  place(client: TestClient, productIds: readonly string[]): Promise<string>;
  placeDraft(client: TestClient, orderId: string): Promise<string>;
  cancel(client: TestClient, orderId: string): Promise<string>;
}
const codeOf = (answer: Answer) => (answer.status < 300 ? 'OK' : String(answer.body?.error?.code));
const create = 'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { id status } }';
/** The same three use cases by both APIs, as the code of what came of them. */
const apis: Api[] = [
  {
    name: 'REST',
    place: (client, productIds) =>
      persistent(async () =>
        codeOf(
          await client.post('/v1/orders', {
            place: true,
            lines: productIds.map((productId) => ({ productId, quantity: 1 })),
          }),
        ),
      ),
    placeDraft: (client, id) => persistent(async () => codeOf(await client.post(`/v1/orders/${id}/place`))),
    cancel: (client, id) => persistent(async () => codeOf(await client.post(`/v1/orders/${id}/cancel`))),
  },
  {
    name: 'GraphQL',
    place: (client, productIds) =>
      persistent(async () => {
        const lines = productIds.map((productId) => ({ productId, quantity: 1 }));
        return (await client.graphql(create, { input: { place: true, lines } })).code ?? 'OK';
      }),
    placeDraft: (client, id) =>
      persistent(
        async () => (await client.graphql('mutation ($id: ID!) { placeOrder(id: $id) { id } }', { id })).code ?? 'OK',
      ),
    cancel: (client, id) =>
      persistent(
        async () => (await client.graphql('mutation ($id: ID!) { cancelOrder(id: $id) { id } }', { id })).code ?? 'OK',
      ),
  },
];
const stockOf = async (id: string) =>
  (await world.app.database.sql<{ stock: number }>('select stock from products where id = $1', [id]))[0].stock;
const count = (codes: readonly string[], code: string) => codes.filter((c) => c === code).length;

describe.each(apis)('stock by $name', (api) => {
  it('is sold to exactly as many of 50 parallel orders as there are pieces', async () => {
    const productId = await world.makeProduct({ stock: 10 });
    const { ada, grace } = world.clients;
    const codes = await Promise.all(Array.from({ length: 50 }, (_, i) => api.place(i % 2 ? ada : grace, [productId])));
    expect({ ok: count(codes, 'OK'), out: count(codes, 'OUT_OF_STOCK') }).toEqual({ ok: 10, out: 40 });
    expect(await stockOf(productId)).toBe(0);
    const [kept] = await world.app.database.sql(
      `select count(*)::int as orders, count(h.id)::int as moves from order_lines l join orders o on o.id = l.order_id
       left join order_history h on h.order_id = o.id where l.product_id = $1 and o.status = 'PLACED'`,
      [productId],
    );
    expect(kept).toEqual({ orders: 10, moves: 10 });
  });
  it('is sold to exactly as many of 30 drafts that are placed at once', async () => {
    const productId = await world.makeProduct({ stock: 10 });
    const drafts = await Promise.all(
      Array.from({ length: 30 }, () => world.clients.ada.post('/v1/orders', { lines: [{ productId, quantity: 1 }] })),
    );
    expect(drafts.map((d) => d.status)).toEqual(drafts.map(() => 201));
    const codes = await Promise.all(drafts.map((d) => api.placeDraft(world.clients.ada, d.body.id as string)));
    expect({ ok: count(codes, 'OK'), out: count(codes, 'OUT_OF_STOCK') }).toEqual({ ok: 10, out: 20 });
    expect(await stockOf(productId)).toBe(0);
  });
  it('is locked in one order, whatever the order of lines', async () => {
    const productIds = await Promise.all([1, 2, 3, 4].map(() => world.makeProduct({ stock: 40 })));
    const codes = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        api.place(world.clients.ada, i % 2 ? productIds : [...productIds].reverse()),
      ),
    );
    expect(count(codes, 'OK')).toBe(40);
    expect(await Promise.all(productIds.map(stockOf))).toEqual([0, 0, 0, 0]);
  });
  it('comes back once when an order is cancelled ten times at once', async () => {
    const productId = await world.makeProduct({ stock: 5 });
    const order = await world.clients.ada.post('/v1/orders', { place: true, lines: [{ productId, quantity: 5 }] });
    expect(order.status).toBe(201);
    const codes = await Promise.all(
      Array.from({ length: 10 }, () => api.cancel(world.clients.ada, order.body.id as string)),
    );
    expect({ ok: count(codes, 'OK'), late: count(codes, 'ORDER_MOVE_NOT_POSSIBLE') }).toEqual({ ok: 1, late: 9 });
    expect(await stockOf(productId)).toBe(5);
  });
});
