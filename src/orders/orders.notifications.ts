import { formatMoney, type MoneyView } from '#libs/contract/money.js';
import type { Locale } from '#libs/messages/messages.js';
import { Notification } from '#src/notifications/notification.entity.js';
import { defineTopics } from '#src/notifications/topics.js';
import { orderTexts } from './locales/texts.js';
import { OrderStatus, type OrderMove } from './order-moves.js';
import type { Order, OrderHistoryEntry } from './order.entity.js';

interface OrderData {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly total: MoneyView;
}
const about = (description: string) => ({
  description,
  data: { orderId: 'Id of the order.', status: 'Where the order stands.', total: 'Sum of its lines.' },
  params: ({ total }: OrderData, locale: Locale) => ({ total: formatMoney(total, locale) }),
});
export const orderTopics = defineTopics(
  'orders',
  {
    'order.placed': about('The customer placed an order.'),
    'order.confirmed': about('The staff accepted an order.'),
    'order.shipped': about('An order is on its way.'),
    'order.delivered': about('An order arrived.'),
    'order.cancelled': about('An order that had been placed was called off, by the customer or by the staff.'),
    'order.returned': about('The staff noted that an order came back.'),
  },
  orderTexts,
);

interface Telling {
  readonly topic: keyof typeof orderTopics;
  /** Also a customer who made the move: they expect a receipt. */
  readonly alsoWhoMadeIt: boolean;
}
/** What the customer is told of each move. */
export const orderTellings: Readonly<Record<OrderMove, Telling>> = {
  place: { topic: 'order.placed', alsoWhoMadeIt: true },
  confirm: { topic: 'order.confirmed', alsoWhoMadeIt: false },
  ship: { topic: 'order.shipped', alsoWhoMadeIt: false },
  deliver: { topic: 'order.delivered', alsoWhoMadeIt: false },
  cancel: { topic: 'order.cancelled', alsoWhoMadeIt: true },
  return: { topic: 'order.returned', alsoWhoMadeIt: false },
};

/** The notifications of a move that was made. Nobody is told of the end of a draft: it is a basket. */
export function notificationsOf(
  move: OrderMove,
  order: Pick<Order, 'id' | 'customerId' | 'totalAmount' | 'currency'>,
  entry: Pick<OrderHistoryEntry, 'fromStatus' | 'toStatus' | 'actorId'>,
): Notification[] {
  const { topic, alsoWhoMadeIt } = orderTellings[move];
  if (move === 'cancel' && entry.fromStatus === OrderStatus.DRAFT) return [];
  if (!alsoWhoMadeIt && entry.actorId === order.customerId) return [];
  const total = { amount: order.totalAmount, currency: order.currency };
  return [Notification.of(orderTopics[topic], order.customerId, { orderId: order.id, status: entry.toStatus, total })];
}
