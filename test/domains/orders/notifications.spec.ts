import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorldOf } from '#test/harness/world.js';
import { placed, toldOf } from './notifications.js';
import { ordersTests } from './orders.tests.js';
import type { OrdersWorld } from './world.js';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests);
});
afterAll(() => world.app.stop());
const told = (orderId: string) => toldOf(world, orderId, world.ids.ada);

describe('the customer is told of an order', () => {
  it.each([
    ['at once', true],
    ['from a draft', false],
  ])('that is placed %s, in the transaction that places it', async (_how, atOnce) => {
    expect(await told(await placed(world, atOnce))).toEqual({ topics: ['order.placed'], latestIsOfMove: true });
  });
  it('of every move until it is returned, each in the transaction that makes it', async () => {
    const id = await placed(world, true);
    const { support, manager } = world.clients;
    const topics = ['order.placed'];
    for (const [client, verb, topic] of [
      [support, 'confirm', 'order.confirmed'],
      [manager, 'ship', 'order.shipped'],
      [support, 'deliver', 'order.delivered'],
      [support, 'return', 'order.returned'],
    ] as const) {
      expect((await client.post(`/v1/orders/${id}/${verb}`)).status).toBe(200);
      topics.push(topic);
      expect(await told(id)).toEqual({ topics, latestIsOfMove: true });
    }
  });
  it('that is cancelled, by whomever', async () => {
    for (const client of [world.clients.ada, world.clients.support]) {
      const id = await placed(world, true);
      await client.post(`/v1/orders/${id}/cancel`);
      expect(await told(id)).toEqual({ topics: ['order.placed', 'order.cancelled'], latestIsOfMove: true });
    }
  });
  it('and reads it where they read everything else', async () => {
    const id = await placed(world, true);
    const { body } = await world.clients.ada.get('/v1/notifications?limit=1&topic=order.placed', {
      'accept-language': 'de',
    });
    expect(body.data[0]).toMatchObject({
      title: 'Bestellung eingegangen',
      body: expect.stringContaining('3,00\u00a0€'),
      data: { orderId: id, status: 'PLACED', total: { amount: 300, currency: 'EUR' } },
    });
  });
});
describe('nobody is told', () => {
  it('of a draft, nor of its end', async () => {
    const { body } = await world.clients.ada.post('/v1/orders', {
      lines: [{ productId: world.productIds[2], quantity: 1 }],
    });
    await world.clients.ada.post(`/v1/orders/${body.id}/cancel`);
    expect((await told(body.id as string)).topics).toEqual([]);
  });
  it('of what is refused', async () => {
    const before = await world.app.database.sql('select count(*)::int as n from notifications');
    const id = await world.makeOrder('SHIPPED');
    const lines = [{ productId: await world.makeProduct({ stock: 0 }), quantity: 1 }];
    expect((await world.clients.ada.post('/v1/orders', { lines, place: true })).status).toBe(409);
    expect((await world.clients.ada.post(`/v1/orders/${id}/cancel`)).status).toBe(409);
    expect((await world.clients.manager.post(`/v1/orders/${id}/deliver`, {}, { 'if-match': '"9"' })).status).toBe(412);
    expect(await world.app.database.sql('select count(*)::int as n from notifications')).toEqual(before);
  });
});
