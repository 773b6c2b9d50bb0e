import { definePolicy } from '#libs/authz/policy.js';
import type { Rule } from '#libs/authz/rules.js';

const own = { customerId: '${actor.id}' };
const may = (action: string, ...status: string[]): Rule => ({
  action,
  subject: 'Order',
  conditions: { status: { $in: status } },
});
/** Everybody signed in is a customer of their own orders. */
const customer: readonly Rule[] = [
  { action: 'read', subject: 'Order', conditions: own },
  { action: 'read', subject: 'Order', fields: ['internalNote'], inverted: true },
  { action: 'create', subject: 'Order', conditions: own },
  { action: 'update', subject: 'Order', fields: ['note', 'lines'], conditions: { ...own, status: 'DRAFT' } },
  { action: 'place', subject: 'Order', conditions: { ...own, status: 'DRAFT' } },
  { action: 'cancel', subject: 'Order', conditions: { ...own, status: { $in: ['DRAFT', 'PLACED'] } } },
];
const support: readonly Rule[] = [
  { action: 'read', subject: 'Order' },
  { action: 'update', subject: 'Order', fields: ['internalNote'] },
  may('confirm', 'PLACED'),
  may('deliver', 'SHIPPED'),
  may('cancel', 'DRAFT', 'PLACED', 'CONFIRMED'),
  may('return', 'DELIVERED'),
];
export const orderPolicy = definePolicy('orders', {
  customer,
  support,
  manager: [...support, may('ship', 'CONFIRMED')],
});
