import { v7 as uuidv7 } from 'uuid';
import type { CatalogWorld } from '#test/domains/catalog/world.js';
import { accountNames, staff } from '#test/harness/callers.js';

export const orderStatuses = ['DRAFT', 'PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'RETURNED'] as const;
export type WorldStatus = (typeof orderStatuses)[number];
export interface OrdersPart {
  /** Ada's orders, one in every status. */
  readonly orderIds: Readonly<Record<WorldStatus, string>>;
  /** Placed by Grace. */
  readonly graceOrderId: string;
  /** Another order of Ada's in this status, with lines of the first two products; inserted as SQL. */
  makeOrder(status: WorldStatus, customerId?: string): Promise<string>;
}
export type OrdersWorld = CatalogWorld & OrdersPart;

export async function ordersWorld({ app, ids, productIds }: CatalogWorld): Promise<OrdersPart> {
  const { database, sniffer } = app;
  const makeOrder: OrdersPart['makeOrder'] = async (status, customerId = ids.ada) => {
    const id = uuidv7();
    const placed = status !== 'DRAFT';
    const mayRead = [...accountNames.filter((name) => ids[name] === customerId), ...staff];
    await database.sql(
      `insert into orders (id, customer_id, status, total_amount, currency, note, internal_note, placed_at, history_count)
       values ($1, $2, $3, 500, 'EUR', $4, $5, $6, $7)`,
      [
        id,
        customerId,
        status,
        sniffer.plant('note', mayRead),
        sniffer.plant('internal-note', staff),
        placed ? new Date() : null,
        placed ? 1 : 0,
      ],
    );
    for (const [i, productId] of productIds.slice(0, 2).entries())
      await database.sql(
        `insert into order_lines (id, order_id, customer_id, position, product_id, sku, name, unit_price_amount, currency, quantity)
         select $1, $2, $3, $4, p.id, p.sku, p.name, p.price_amount, p.currency, $5 from products p where p.id = $6`,
        [uuidv7(), id, customerId, i + 1, i + 1, productId],
      );
    if (placed)
      await database.sql(
        `insert into order_history (id, order_id, customer_id, number, from_status, to_status, actor_id, reason)
         values ($1, $2, $3, 1, 'DRAFT', 'PLACED', $3, $4)`,
        [uuidv7(), id, customerId, sniffer.plant('reason', mayRead)],
      );
    return id;
  };
  const orderIds = {} as Record<WorldStatus, string>;
  for (const status of orderStatuses) orderIds[status] = await makeOrder(status);
  return { orderIds, graceOrderId: await makeOrder('PLACED', ids.grace), makeOrder };
}
