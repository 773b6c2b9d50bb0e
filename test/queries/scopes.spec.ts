import { describe, expect, it } from 'vitest';
import '#src/access/access.resource.js';
import '#src/users/users.resource.js';
import { apiScopes, scopeFor, Scopes } from '#libs/authz/scopes.js';

describe('scopes', () => {
  it('are two for each resource with rules of its own, and one for everything', () => {
    const names = apiScopes().map((scope) => scope.name);
    expect(names).toEqual(expect.arrayContaining(['api', 'roles:read', 'roles:write', 'users:read', 'users:write']));
    expect(new Set(names).size).toBe(names.length);
  });
  it.each([
    ['api', true, true, true, true],
    ['openid api profile', true, true, true, true],
    ['users:read', true, false, false, false],
    ['users:write', true, true, false, false],
    ['users:read roles:read', true, false, true, false],
    ['users', false, false, false, false],
    ['USERS:READ API', false, false, false, false],
    ['user-preferences:read openid', false, false, false, false],
    ['', false, false, false, false],
    [undefined, false, false, false, false],
    [['api'] as never, false, false, false, false],
  ])('%s', (claim, readsUsers, suspendsUsers, readsRoles, everything) => {
    const scopes = Scopes.of(claim);
    expect(scopes.allow('read', 'User')).toBe(readsUsers);
    expect(scopes.allow('suspend', 'User')).toBe(suspendsUsers);
    expect(scopes.allow('read', 'Role')).toBe(readsRoles);
    expect(scopes.allow('manage', 'all')).toBe(everything);
    expect(scopes.allow('read', 'NoSuchThing')).toBe(everything);
  });
  it('are the same object in whatever order they are written', () => {
    expect(Scopes.of('users:read roles:read openid')).toBe(Scopes.of('roles:read users:read'));
    expect(Scopes.of('api users:read')).toBe(Scopes.all);
  });
  it('that an action needs have a name', () => {
    expect(['read', 'suspend', 'manage'].map((action) => scopeFor(action, 'User'))).toEqual([
      'users:read',
      'users:write',
      'users:write',
    ]);
    expect(scopeFor('read', 'NoSuchThing')).toBe('api');
  });
});
