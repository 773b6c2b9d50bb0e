import type { OrdersWorld } from './world.js';

/** Topics of what this account was told of an order, the first one first, and whether its latest move told of itself. */
export async function toldOf({ app }: OrdersWorld, orderId: string, userId: string) {
  const rows = await app.database.sql<{ topic: string; isOfMove: boolean }>(
    `select n.topic, n.xid = o.xid as "isOfMove" from notifications n join orders o on o.id = (n.data ->> 'orderId')::uuid
     where o.id = $1 and n.user_id = $2 order by n.created_at, n.id`,
    [orderId, userId],
  );
  return { topics: rows.map((row) => row.topic), latestIsOfMove: rows.at(-1)?.isOfMove };
}
/** An order of Ada's that is placed, at once or from a draft. */
export async function placed({ clients, productIds }: OrdersWorld, atOnce: boolean): Promise<string> {
  const lines = [{ productId: productIds[2], quantity: 1 }];
  const { body } = await clients.ada.post('/v1/orders', { lines, place: atOnce });
  if (!atOnce) await clients.ada.post(`/v1/orders/${body.id}/place`);
  return body.id as string;
}
