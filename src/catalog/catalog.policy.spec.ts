import { describe, expect, it } from 'vitest';
import { Roles } from '#libs/authz/roles.js';
import './catalog.policy.js';
import './catalog.resource.js';
import { Category } from './category.entity.js';
import { Product, ProductStatus } from './product.entity.js';

const as = (...names: string[]) => new Roles().actor('0197f5a0-0000-7000-8000-000000000001', names);
const productIn = (status: ProductStatus) => Object.assign(new Product(), { status });
const everybody = { anonymous: new Roles().actor(null, []), nobody: as(), customer: as('customer') };
const staff = { support: as('support'), manager: as('manager'), admin: as('admin') };
const writes = ['create', 'update', 'delete'];

describe('categories', () => {
  it.each(Object.entries({ ...everybody, ...staff }))('%s reads them', (_name, actor) => {
    expect(actor.can('read', new Category())).toBe(true);
  });
  it.each(Object.entries({ ...everybody, support: staff.support }))('%s does not write them', (_name, actor) => {
    for (const action of writes) expect(actor.can(action, new Category())).toBe(false);
  });
  it.each(['manager', 'admin'] as const)('%s writes them', (name) => {
    for (const action of writes) expect(staff[name].can(action, new Category())).toBe(true);
  });
});

describe('products', () => {
  it.each(Object.entries(everybody))('%s sees what is for sale and writes nothing', (_name, actor) => {
    for (const status of Object.values(ProductStatus)) {
      expect(actor.can('read', productIn(status))).toBe(status === 'ACTIVE');
      for (const action of writes) expect(actor.can(action, productIn(status))).toBe(false);
    }
  });
  it.each([
    ['support', false],
    ['manager', true],
    ['admin', true],
  ] as const)('%s sees all; writes: %s', (name, mayWrite) => {
    for (const status of Object.values(ProductStatus)) {
      expect(staff[name].can('read', productIn(status))).toBe(true);
      for (const action of writes) expect(staff[name].can(action, productIn(status))).toBe(mayWrite);
    }
  });
});
