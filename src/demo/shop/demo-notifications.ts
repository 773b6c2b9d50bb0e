import { orderMoves, type OrderMove, type OrderStatus } from '#src/orders/order-moves.js';
import { notificationsOf } from '#src/orders/orders.notifications.js';
import type { Sale } from './demo-orders.js';
import type { Random } from '../random.js';
import type { NotificationRow } from './rows.js';

const hour = 3_600_000;
/** Nobody keeps everything that they were ever told. */
export const keptDays = 120;

const moveTo = new Map(Object.entries(orderMoves).map(([move, { to }]) => [to as OrderStatus, move as OrderMove]));

/** What customers were told of the moves of their orders, and what they have read of it until `now`. */
export function makeNotifications(sales: readonly Sale[], now: number, random: Random): NotificationRow[] {
  // Some look at once, some hardly ever.
  const diligence = new Map<string, number>();
  const diligenceOf = (userId: string) => {
    if (!diligence.has(userId)) diligence.set(userId, random.between(0.6, 0.97));
    return diligence.get(userId)!;
  };
  return sales.flatMap((sale) =>
    sale.history.flatMap((entry) => {
      const at = Date.parse(entry.at);
      if (at < now - keptDays * 24 * hour) return [];
      const { id, customer_id: customerId, total_amount: totalAmount, currency } = sale;
      const toStatus = entry.to_status as OrderStatus;
      const made = { fromStatus: entry.from_status as OrderStatus, toStatus, actorId: entry.actor_id };
      return notificationsOf(moveTo.get(toStatus)!, { id, customerId, totalAmount, currency }, made).map((told) => {
        const readAt = Math.floor(at + random.between(0.02, 30) * hour);
        const isRead = random.chance(diligenceOf(customerId)) && readAt <= now;
        return {
          id: random.id(at),
          created_at: entry.at,
          updated_at: isRead ? new Date(readAt).toISOString() : entry.at,
          user_id: customerId,
          topic: told.topic,
          data: told.data,
          read_at: isRead ? new Date(readAt).toISOString() : null,
        };
      });
    }),
  );
}
