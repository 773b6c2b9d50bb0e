import { expect, it } from 'vitest';
import { Roles } from '#libs/authz/roles.js';
import './access.resource.js';
import { Role } from './role.entity.js';

it.each([
  ['nobody', false],
  ['customer', false],
  ['support', false],
  ['manager', false],
  ['admin', true],
])('%s sees roles: %s', (role, expected) => {
  expect(new Roles().actor('0197f5a0-0000-7000-8000-000000000001', [role]).can('read', new Role())).toBe(expected);
});
it('anonymous does not see roles', () => {
  expect(new Roles().actor(null, []).can('read', new Role())).toBe(false);
});
