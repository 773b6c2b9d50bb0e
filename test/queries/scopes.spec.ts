import { describe, expect, it } from 'vitest';
import '#src/orders/orders.resource.js';
import '#src/users/users.resource.js';
import { apiScopes, scopeFor, Scopes } from '#libs/authz/scopes.js';

describe('scopes', () => {
  it('are two for each resource with rules of its own, and one for everything', () => {
    const names = apiScopes().map((scope) => scope.name);
    expect(names).toEqual(expect.arrayContaining(['api', 'orders:read', 'orders:write', 'users:read', 'users:write']));
    expect(names).not.toContain('order-lines:read');
    expect(new Set(names).size).toBe(names.length);
  });
  it.each([
    ['api', true, true, true, true],
    ['openid api profile', true, true, true, true],
    ['orders:read', true, false, false, false],
    ['orders:write', true, true, false, false],
    ['orders:read users:read', true, false, true, false],
    ['orders', false, false, false, false],
    ['ORDERS:READ API', false, false, false, false],
    ['order-lines:read openid', false, false, false, false],
    ['', false, false, false, false],
    [undefined, false, false, false, false],
    [['api'] as never, false, false, false, false],
  ])('%s', (claim, readsOrders, placesOrders, readsUsers, everything) => {
    const scopes = Scopes.of(claim);
    expect(scopes.allow('read', 'Order')).toBe(readsOrders);
    expect(scopes.allow('place', 'Order')).toBe(placesOrders);
    expect(scopes.allow('read', 'User')).toBe(readsUsers);
    expect(scopes.allow('manage', 'all')).toBe(everything);
    expect(scopes.allow('read', 'NoSuchThing')).toBe(everything);
  });
  it('are the same object in whatever order they are written', () => {
    expect(Scopes.of('users:read orders:read openid')).toBe(Scopes.of('orders:read users:read'));
    expect(Scopes.of('api orders:read')).toBe(Scopes.all);
  });
  it('that an action needs have a name', () => {
    expect(['read', 'place', 'manage'].map((action) => scopeFor(action, 'Order'))).toEqual([
      'orders:read',
      'orders:write',
      'orders:write',
    ]);
    expect(scopeFor('read', 'NoSuchThing')).toBe('api');
  });
});
