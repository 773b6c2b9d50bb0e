import { describe, expect, it } from 'vitest';
import { makeUsers } from '../demo-users.js';
import { makeShop } from './demo-shop.js';

/** The moves of the table, by the status that they start from. */
const moves: Record<string, string[]> = {
  DRAFT: ['PLACED', 'CANCELLED'],
  PLACED: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['SHIPPED', 'CANCELLED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: ['RETURNED'],
};
// A Friday evening, a Monday morning, a leap day, a time in December.
const moments = ['2026-11-20T20:30:00Z', '2026-11-23T06:05:00Z', '2028-02-29T12:00:00Z', '2026-12-24T23:59:59Z'];

describe.each(moments)('the demo shop at %s', (moment) => {
  const now = new Date(moment);
  const users = makeUsers(now);
  const shop = makeShop(now, users);

  it('has the size that the documentation promises', () => {
    expect(shop.categories).toHaveLength(12);
    expect(shop.products.length).toBeGreaterThanOrEqual(195);
    expect(shop.orders).toHaveLength(1000);
  });
  it('is the same at the same moment', () => {
    expect(makeShop(now, users)).toEqual(shop);
  });
  it('has orders in every state', () => {
    const count = (status: string) => shop.orders.filter((o) => o.status === status).length;
    for (const status of [...Object.keys(moves), 'CANCELLED', 'RETURNED'])
      expect(count(status), status).toBeGreaterThan(4);
  });
  it('adds up: totals, snapshots, positions', () => {
    const products = new Map(shop.products.map((p) => [p.id, p]));
    for (const order of shop.orders) {
      const lines = shop.order_lines.filter((l) => l.order_id === order.id);
      expect(lines.length).toBeGreaterThanOrEqual(1);
      expect(lines.length).toBeLessThanOrEqual(6);
      expect(lines.map((l) => l.position)).toEqual(lines.map((_, i) => i + 1));
      expect(lines.reduce((sum, l) => sum + l.quantity * l.unit_price_amount, 0)).toBe(order.total_amount);
      expect(new Set(lines.map((l) => l.product_id)).size).toBe(lines.length);
      for (const line of lines) {
        const product = products.get(line.product_id)!;
        expect(line).toMatchObject({
          customer_id: order.customer_id,
          sku: product.sku,
          name: product.name,
          unit_price_amount: product.price_amount,
          currency: order.currency,
        });
        expect(product.created_at < order.created_at).toBe(true);
      }
    }
  });
  it('tells the story of every order as the rules allow it', () => {
    const accounts = new Map(users.map((u) => [u.id, u]));
    for (const order of shop.orders) {
      const history = shop.order_history.filter((h) => h.order_id === order.id);
      expect(history).toHaveLength(order.history_count);
      let status = 'DRAFT';
      let at = order.created_at;
      history.forEach((move, i) => {
        expect(move.number).toBe(i + 1);
        expect(move.from_status).toBe(status);
        expect(moves[status]).toContain(move.to_status);
        expect(i === 0 ? move.at >= at : move.at > at).toBe(true);
        const { roles } = accounts.get(move.actor_id)!;
        if (move.to_status === 'PLACED') expect(move.actor_id).toBe(order.customer_id);
        else if (move.to_status === 'SHIPPED') expect(roles).toContain('manager');
        else if (move.to_status !== 'CANCELLED')
          expect(roles.some((r) => r === 'support' || r === 'manager')).toBe(true);
        status = move.to_status;
        at = move.at;
      });
      expect(order.status).toBe(status);
      expect(order.placed_at).toBe(history.find((h) => h.to_status === 'PLACED')?.at ?? null);
      expect(order.updated_at).toBe(at);
      expect(new Date(at).getTime()).toBeLessThanOrEqual(now.getTime());
      expect(accounts.get(order.customer_id)!.created_at < order.created_at).toBe(true);
    }
  });
  it('gives ids that carry their time', () => {
    for (const row of [...users, ...shop.products, ...shop.orders]) {
      expect(parseInt(row.id.replace('-', '').slice(0, 12), 16)).toBe(Date.parse(row.created_at));
      expect(row.id[14]).toBe('7');
    }
    const ids = [...shop.order_lines, ...shop.order_history, ...shop.orders].map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
