import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reads } from '#libs/database/reads.js';
import { TestClient } from '#libs/testing/clients.js';
import { startWorldOf } from '#test/harness/world.js';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests);
});
afterAll(() => world?.app.stop());

const withScope = async (name: 'ada' | 'support' | 'admin', scope: string | undefined) => {
  const { url, issuer, sniffer } = world.app;
  return new TestClient(url, name, await issuer.token(world.ids[name], { scope }), sniffer);
};
const challenge = (scope: string) => `Bearer error="insufficient_scope", scope="${scope}"`;

describe('a token', () => {
  it.each([undefined, '', 'openid profile', 'orders:delete'])(
    'with the scope "%s" lets what everybody may',
    async (scope) => {
      const admin = await withScope('admin', scope);
      const { status, body, headers } = await admin.get('/v1/users/me');
      expect([status, body.error.code, headers.get('www-authenticate')]).toEqual([
        403,
        'INSUFFICIENT_SCOPE',
        challenge('users:read'),
      ]);
      const products = await admin.get(`/v1/products?id[in]=${world.productIds[0]},${world.draftProductId}`);
      expect(products.body.data.map((p: { id: string }) => p.id)).toEqual([world.productIds[0]]);
      expect(await admin.graphql('{ me { id } }')).toMatchObject({ code: 'INSUFFICIENT_SCOPE', data: { me: null } });
    },
  );
  it('that lets read orders lets nothing else, and relations to other things stay empty', async () => {
    const support = await withScope('support', 'orders:read');
    const id = world.orderIds.PLACED;
    const rest = await support.get(`/v1/orders/${id}?fields=id,internalNote,customer`);
    expect(rest.status).toBe(200);
    expect(rest.body).toMatchObject({ id, customer: null });
    expect(rest.body.internalNote).toMatch(/canary/i);
    const graphql = await support.graphql(
      `{ order(id: "${id}") { id customer { id } } me { id } users { nodes { id } } }`,
    );
    expect(graphql.data).toMatchObject({ order: { id, customer: null }, me: null, users: null });
    expect(graphql.errors.map((e) => e.extensions.code)).toEqual(['INSUFFICIENT_SCOPE', 'INSUFFICIENT_SCOPE']);
    const cancelled = await support.post(`/v1/orders/${id}/cancel`);
    expect([cancelled.status, cancelled.body.error.code, cancelled.headers.get('www-authenticate')]).toEqual([
      403,
      'INSUFFICIENT_SCOPE',
      challenge('orders:write'),
    ]);
    expect((await support.graphql(`mutation { cancelOrder(id: "${id}") { id } }`)).code).toBe('INSUFFICIENT_SCOPE');
  });
  it('that lets write orders lets read them too, and answers with what it changed', async () => {
    const ada = await withScope('ada', 'orders:write');
    const id = await world.makeOrder('PLACED');
    const { status, body } = await ada.post(`/v1/orders/${id}/cancel`);
    expect([status, body.status]).toEqual([200, 'CANCELLED']);
    expect((await ada.get('/v1/notifications')).body.error.code).toBe('INSUFFICIENT_SCOPE');
  });
  it('gives nobody more than their roles do, and does not blame the token for that', async () => {
    const ada = await withScope('ada', 'users:write orders:write');
    expect((await ada.post(`/v1/users/${world.ids.grace}/suspend`)).body.error.code).toBe('FORBIDDEN');
    const narrow = await withScope('ada', 'orders:read');
    expect((await narrow.post(`/v1/users/${world.ids.grace}/suspend`)).body.error.code).toBe('FORBIDDEN');
    expect((await ada.get(`/v1/orders/${world.graceOrderId}`)).body.error.code).toBe('ORDER_NOT_FOUND');
  });
  it('says in the caller’s language what is missing', async () => {
    const ada = await withScope('ada', 'users:read');
    const { body } = await ada.get('/v1/orders', { 'accept-language': 'de' });
    expect(body.error.message).toBe('Dafür braucht es ein Zugriffstoken mit dem Geltungsbereich orders:read.');
  });
});

it('every set of scopes reads by the same plans', async () => {
  const reads = world.app.app.get(Reads);
  const read = async (scope: string) => {
    const support = await withScope('support', scope);
    for (let i = 0; i < 3; i++) await support.get('/v1/orders?limit=7');
  };
  await read('api');
  const { plans, named } = reads.size;
  const others = ['users', 'products', 'categories', 'notifications', 'roles'];
  for (const a of others) for (const b of others) await read(`orders:read ${a}:read ${b}:write`);
  expect(reads.size).toEqual({ plans, named });
});
