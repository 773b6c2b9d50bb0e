import { definePolicy } from '#libs/authz/policy.js';

export const catalogPolicy = definePolicy('catalog', {
  anonymous: [
    { action: 'read', subject: 'Category' },
    { action: 'read', subject: 'Product', conditions: { status: 'ACTIVE' } },
  ],
  support: [{ action: 'read', subject: 'Product' }],
  manager: [
    { action: ['read', 'create', 'update', 'delete'], subject: 'Category' },
    { action: ['read', 'create', 'update', 'delete'], subject: 'Product' },
  ],
});
