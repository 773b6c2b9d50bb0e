import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seedOrderAccess } from './access-rows.js';
import { calls, paths } from './calls.js';
import { edits } from './edits.js';
import { expected } from './expected.js';
import { seedOrders } from './lists.js';
import { statements } from './statements.js';
import { orderCases } from './surfaces.js';
import { ordersWorld, type OrdersWorld } from './world.js';

export const ordersTests = defineDomainTests({
  name: 'orders',
  world: ordersWorld,
  surfaces: async (w) => ({ orders: await orderCases(w) }),
  expected,
  matrix: {
    calls,
    paths,
    rowOf: { Order: (w: OrdersWorld, whose) => (whose === 'grace' ? w.graceOrderId : w.orderIds.PLACED) },
  },
  lists: seedOrders,
  access: { seed: seedOrderAccess, subjects: { Order: ['internalNote', { internalNote: { contains: '' } }] } },
  edits,
  statements,
});
