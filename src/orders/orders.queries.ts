import type { Transaction } from '#libs/database/pipelined-transaction.js';
import type { Statements } from '#libs/database/statements.js';
import { uniqueId, withUniques } from '#libs/database/unique.js';
import type { Notification } from '#src/notifications/notification.entity.js';
import { insertNotifications, notificationValues } from '#src/notifications/notifications.queries.js';
import type { Order, OrderHistoryEntry, OrderLine } from './order.entity.js';

// One round trip and one prepared plan for what the unit of work does in three that are planned every time.
const insertStatement = {
  name: 'orders_insert',
  text: `
    with new_order as (
      insert into orders (id, created_at, updated_at, customer_id, status, total_amount, currency, note, placed_at, history_count)
      values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9)),
    new_history as (
      insert into order_history (id, order_id, customer_id, number, from_status, to_status, actor_id, reason, at)
      select h.id, $1, $3, h.number, h.from_status, h.to_status, h.actor_id, h.reason, h.at
      from unnest($10::uuid[], $11::int[], $12::text[], $13::text[], $14::uuid[], $15::text[], $16::timestamptz[])
        as h (id, number, from_status, to_status, actor_id, reason, at)),
    new_notifications as (${insertNotifications(25)})
    insert into order_lines
      (id, order_id, customer_id, position, product_id, sku, name, unit_price_amount, currency, quantity)
    select l.id, $1, $3, l.position, l.product_id, l.sku, l.name, l.unit_price_amount, l.currency, l.quantity
    from unnest($17::uuid[], $18::int[], $19::uuid[], $20::text[], $21::text[], $22::bigint[], $23::text[], $24::int[])
      as l (id, position, product_id, sku, name, unit_price_amount, currency, quantity)`,
};

/** Writes a new order with its lines, its moves and what is told of them; CONFLICT when its id is taken. */
export async function insertOrder(
  statements: Statements,
  transaction: Transaction,
  order: Order,
  lines: readonly OrderLine[],
  moves: readonly OrderHistoryEntry[],
  told: readonly Notification[],
): Promise<void> {
  const { id, createdAt, customerId, status, totalAmount, currency, note, placedAt, historyCount } = order;
  const values = [
    id,
    createdAt,
    customerId,
    status,
    totalAmount,
    currency,
    note,
    placedAt,
    historyCount,
    ...columnsOf(moves, ['id', 'number', 'fromStatus', 'toStatus', 'actorId', 'reason', 'at']),
    ...columnsOf(lines, ['id', 'position', 'productId', 'sku', 'name', 'unitPriceAmount', 'currency', 'quantity']),
    ...notificationValues(told),
  ];
  await withUniques({ orders_pkey: uniqueId }, () => statements.run(insertStatement, values, transaction));
}
const columnsOf = <T>(rows: readonly T[], names: readonly (keyof T)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));
