import { randomUUID } from 'node:crypto';
import { atOnce, tally, type Api, type Call } from '#test/races/parallel.js';
import type { OrdersWorld } from './world.js';

export const placement = (productIds: readonly string[], id: string = randomUUID()): Call => {
  const input = { id, lines: productIds.map((productId) => ({ productId, quantity: 1 })), place: true };
  return {
    method: 'POST',
    path: '/v1/orders',
    body: input,
    mutation: 'createOrder(input: $input)',
    types: '$input: CreateOrderInput!',
    variables: { input },
    selection: 'id status etag',
  };
};
export const move = (verb: 'place' | 'cancel', id: string): Call => ({
  method: 'POST',
  path: `/v1/orders/${id}/${verb}`,
  mutation: `${verb}Order(id: $id)`,
  types: '$id: ID!',
  variables: { id },
  selection: 'id status etag',
});

/** What the database holds of orders of a product after a race for its pieces. */
export async function stateOf({ app }: OrdersWorld, productId: string) {
  const [state] = await app.database.sql(
    `select p.stock, count(o.id) filter (where o.status = 'PLACED')::int as placed,
            count(o.id) filter (where o.status = 'DRAFT')::int as drafts,
            count(o.id) filter (where o.status = 'PLACED' and o.total_amount = (select sum(total_amount) from order_lines where order_id = o.id)
              and o.history_count = 1 and o.placed_at is not null
              and (select array_agg(row(h.number, h.from_status, h.to_status, h.actor_id)::text) from order_history h where h.order_id = o.id)
                = array[row(1, 'DRAFT', 'PLACED', o.customer_id)::text])::int as whole
     from products p left join order_lines l on l.product_id = p.id left join orders o on o.id = l.order_id
     where p.id = $1 group by p.id`,
    [productId],
  );
  return state as { stock: number; placed: number; drafts: number; whole: number };
}
/** Fifty customers want the last ten pieces. */
export async function raceForTheLastPieces(world: OrdersWorld, api: Api) {
  const productId = await world.makeProduct({ stock: 10 });
  const outcomes = await atOnce(
    world.clients.ada,
    api,
    Array.from({ length: 50 }, () => placement([productId])),
  );
  const refused = outcomes.filter((o) => o.code !== 'OK');
  const reasons = new Set(refused.map((o) => o.details.map((d) => `${d.field} ${d.code}`).join()));
  return { told: tally(outcomes), reasons: [...reasons], state: await stateOf(world, productId) };
}
/** The same with drafts that exist already. */
export async function raceOfDrafts(world: OrdersWorld, api: Api) {
  const productId = await world.makeProduct({ stock: 10 });
  const drafts = Array.from({ length: 50 }, () => {
    const call = placement([productId]);
    return { ...call, body: { ...(call.body as object), place: false } };
  });
  const made = await atOnce(world.clients.ada, 'REST', drafts);
  const outcomes = await atOnce(
    world.clients.ada,
    api,
    made.map((o) => move('place', o.body.id as string)),
  );
  return { told: tally(outcomes), state: await stateOf(world, productId) };
}
/** Orders of the same three products, whose lines stand in every order. */
export async function raceOfMixedLines(world: OrdersWorld, api: Api) {
  const productIds = [
    await world.makeProduct({ stock: 30 }),
    await world.makeProduct({ stock: 30 }),
    await world.makeProduct({ stock: 30 }),
  ];
  const [a, b, c] = productIds;
  const sequences = [
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ];
  const outcomes = await atOnce(
    world.clients.ada,
    api,
    Array.from({ length: 40 }, (_, i) => placement(sequences[i % 6])),
  );
  return { told: tally(outcomes), states: await Promise.all(productIds.map((id) => stateOf(world, id))) };
}
/** The same order is cancelled ten times at once. */
export async function raceOfCancels(world: OrdersWorld, api: Api) {
  const stock = async () =>
    (
      await world.app.database.sql<{ stock: number }>(
        'select stock from products where id = any($1::uuid[]) order by sku',
        [world.productIds],
      )
    ).map((p) => p.stock);
  const before = await stock();
  const id = await world.makeOrder('PLACED');
  const outcomes = await atOnce(
    world.clients.ada,
    api,
    Array.from({ length: 10 }, () => move('cancel', id)),
  );
  const after = await stock();
  const [{ history }] = await world.app.database.sql(
    'select count(*)::int as history from order_history where order_id = $1',
    [id],
  );
  return { told: tally(outcomes), returned: after.map((n, i) => n - before[i]), history: history as number };
}
