import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '#libs/messages/messages.js';
import { textOf } from '#src/notifications/topics.js';
import { orderMoves, type OrderMove, type OrderStatus } from './order-moves.js';
import { notificationsOf, orderTopics } from './orders.notifications.js';

const customerId = '0197f5a0-0000-7000-8000-00000000000a';
const staffId = '0197f5a0-0000-7000-8000-00000000000b';
const order = { id: '0197f5a0-0000-7000-8000-000000000001', customerId, totalAmount: 4990, currency: 'EUR' };
const told = (move: OrderMove, actorId: string | null, fromStatus: OrderStatus = orderMoves[move].from.at(-1)!) =>
  notificationsOf(move, order, { fromStatus, toStatus: orderMoves[move].to, actorId });

describe('the customer is told', () => {
  it.each<[OrderMove, string]>([
    ['place', 'order.placed'],
    ['confirm', 'order.confirmed'],
    ['ship', 'order.shipped'],
    ['deliver', 'order.delivered'],
    ['cancel', 'order.cancelled'],
    ['return', 'order.returned'],
  ])('of %s by others: %s', (move, topic) => {
    for (const actorId of [staffId, null])
      expect(told(move, actorId)).toEqual([
        expect.objectContaining({
          topic,
          userId: customerId,
          readAt: null,
          data: { orderId: order.id, status: orderMoves[move].to, total: { amount: 4990, currency: 'EUR' } },
        }),
      ]);
  });
  it.each<[OrderMove, number]>([
    ['place', 1],
    ['confirm', 0],
    ['ship', 0],
    ['deliver', 0],
    ['cancel', 1],
    ['return', 0],
  ])('of %s that they made themselves: %i', (move, count) => {
    expect(told(move, customerId)).toHaveLength(count);
  });
  it('nothing of a draft that ends', () => {
    expect(told('cancel', customerId, 'DRAFT')).toEqual([]);
    expect(told('cancel', staffId, 'DRAFT')).toEqual([]);
  });
});

it('every topic has texts that name the total', () => {
  const data = { orderId: order.id, status: 'PLACED', total: { amount: 4990, currency: 'EUR' } };
  for (const topic of Object.keys(orderTopics)) {
    for (const locale of locales) {
      expect(textOf('title', topic, data, locale)).toMatch(/^[^{}…]{2,40}$/);
      expect(textOf('body', topic, data, locale)).toMatch(/49[.,]90/);
    }
    expect(textOf('body', topic, data, 'en')).toContain('€49.90');
    expect(textOf('body', topic, data, 'de')).toContain('49,90\u00a0€');
    expect(textOf('body', topic, { ...data, total: { amount: 500, currency: 'JPY' } }, 'en')).toContain('¥500');
  }
});

it('docs/orders.md names every topic as it is', () => {
  const page = readFileSync(new URL('../../docs/orders.md', import.meta.url), 'utf8');
  const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  for (const { name, description, data } of Object.values(orderTopics)) {
    const fields = Object.keys(data).map((field) => `\`${field}\``);
    expect(rows).toContainEqual(['', `\`${name}\``, description, fields.join(', '), '']);
  }
});
