import { expect, it } from 'vitest';
import '#src/orders/orders.resource.js';
import { apiScopes, Scopes } from '#libs/authz/scopes.js';

it('the lines of an order have no scopes of their own: they are read with the order', () => {
  const names = apiScopes().map((scope) => scope.name);
  expect(names).toEqual(expect.arrayContaining(['orders:read', 'orders:write']));
  expect(names).not.toContain('order-lines:read');
  expect(Scopes.of('order-lines:read').allow('read', 'Order')).toBe(false);
  expect(Scopes.of('orders:read').allow('place', 'Order')).toBe(false);
  expect(Scopes.of('orders:write').allow('place', 'Order')).toBe(true);
});
