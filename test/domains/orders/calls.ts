import { nowhere } from '#test/harness/callers.js';
import type { Call, Calls, Paths } from '#test/harness/domain-tests.js';
import { command, create, list, path, present, read, update } from '#test/matrix/calls.js';
import type { OrdersWorld } from './world.js';

const order = (w: OrdersWorld, input: object) =>
  create('orders', 'createOrder', { lines: [{ productId: w.productIds[0], quantity: 1 }], ...input });
/** A move of an order: `placeOrder`, `POST …/place`. */
export const move = (verb: string, id: string, input: object = {}): Call =>
  command('orders', verb, `${verb}Order`, id, input);
const setLine = (id: string, productId: string): Call => ({
  rest: ['PUT', `/v1/orders/${id}/lines/${productId}`, { quantity: 3 }],
  graphql: ['setOrderLine', { id, productId, input: { quantity: 3 } }],
});
const note = { note: 'Changed' };
const internalNote = { internalNote: 'Changed' };

/** Each call has an order of its own to work on where it changes anything. */
export const calls: Calls<OrdersWorld> = {
  listOrders: { 'one of Ada’s, one of Grace': (w) => list('orders', 'orders', [w.orderIds.PLACED, w.graceOrderId]) },
  getOrder: {
    placed: (w) => read('orders', 'order', w.orderIds.PLACED),
    'placed by Grace': (w) => read('orders', 'order', w.graceOrderId),
    'there is none': () => read('orders', 'order', nowhere),
  },
  createOrder: {
    'a draft': (w) => order(w, {}),
    'placed at once': (w) => order(w, { place: true }),
  },
  updateOrder: {
    'note of a draft': async (w) => update('orders', 'updateOrder', await w.makeOrder('DRAFT'), note),
    'internal note of a draft': async (w) => update('orders', 'updateOrder', await w.makeOrder('DRAFT'), internalNote),
    'both notes of a draft': async (w) =>
      update('orders', 'updateOrder', await w.makeOrder('DRAFT'), { ...note, ...internalNote }),
    'note of a placed order': async (w) => update('orders', 'updateOrder', await w.makeOrder('PLACED'), note),
    'internal note of a placed': async (w) =>
      update('orders', 'updateOrder', await w.makeOrder('PLACED'), internalNote),
  },
  setOrderLine: {
    'of a draft': async (w) => setLine(await w.makeOrder('DRAFT'), w.productIds[2]),
    'of a placed order': async (w) => setLine(await w.makeOrder('PLACED'), w.productIds[0]),
  },
  removeOrderLine: {
    'of a draft': async (w) => {
      const id = await w.makeOrder('DRAFT');
      const productId = w.productIds[0];
      return {
        rest: ['DELETE', `/v1/orders/${id}/lines/${productId}`],
        graphql: ['removeOrderLine', { id, productId }],
      };
    },
  },
  placeOrder: { 'a draft': async (w) => move('place', await w.makeOrder('DRAFT')) },
  confirmOrder: { placed: async (w) => move('confirm', await w.makeOrder('PLACED')) },
  shipOrder: { confirmed: async (w) => move('ship', await w.makeOrder('CONFIRMED')) },
  deliverOrder: { shipped: async (w) => move('deliver', await w.makeOrder('SHIPPED')) },
  cancelOrder: { placed: async (w) => move('cancel', await w.makeOrder('PLACED')) },
  returnOrder: { delivered: async (w) => move('return', await w.makeOrder('DELIVERED'), { restock: true }) },
};

const everyUser = (w: OrdersWorld) => Object.values(w.ids);
const both = (w: OrdersWorld) => [w.orderIds.PLACED, w.graceOrderId];
const twoProducts = (w: OrdersWorld) => [w.productIds[0], w.draftProductId];
/** One of Ada’s, with a line of a product that is for sale and one of a draft. */
async function mixedOrder(w: OrdersWorld): Promise<string> {
  const id = await w.makeOrder('PLACED');
  const change = 'update order_lines set product_id = $2 where order_id = $1 and position = 2';
  await w.app.database.sql(change, [id, w.draftProductId]);
  return id;
}
const ofCustomer = 'id email displayName status suspensionReason locale timeZone roles preferences';
const ofOrder = 'id status note internalNote etag';
const ofProduct = 'id sku name description status stock attributes';
const ids = '$ids: [ID!]!';
/** All orders that users lead to, by what is asked of each. */
const byUsers = (w: OrdersWorld, selection: string, orderIds: string[], count: (orders: any[]) => number) =>
  path(
    `query ($users: [ID!]!, ${ids}) { users(filter: { id: { in: $users } }) { nodes { id
       orders(filter: { id: { in: $ids } }) { nodes { ${ofOrder} ${selection} } } } } }`,
    { users: everyUser(w), ids: orderIds },
    (data) => count(data.users.nodes.flatMap((user: any) => user.orders.nodes)),
  );
const byOrder = (id: string, selection: string, count: (order: any) => number) =>
  path(`query ($id: ID!) { order(id: $id) { ${ofOrder} ${selection} } }`, { id }, (data) => count(data.order));

export const paths: Paths<OrdersWorld> = {
  'User.orders': {
    'of all users, Ada’s and Grace’s': (w) => byUsers(w, '', both(w), (orders) => orders.length),
    'of Ada, by her id': (w) =>
      path(
        `query ($id: ID!, ${ids}) { user(id: $id) { ${ofCustomer} orders(filter: { id: { in: $ids } }) { nodes { ${ofOrder} } } } }`,
        { id: w.ids.ada, ids: both(w) },
        (data) => data.user.orders.nodes.length,
      ),
    'of the caller, Ada’s and Grace’s': (w) =>
      path(
        `query (${ids}) { me { ${ofCustomer} orders(filter: { id: { in: $ids } }) { edges { cursor node { ${ofOrder} } } } } }`,
        { ids: both(w) },
        (data) => data.me.orders.edges.length,
      ),
    'of the customer of Ada’s order': (w) =>
      path(
        `query ($id: ID!, ${ids}) { order(id: $id) { customer { ${ofCustomer}
           orders(filter: { id: { in: $ids } }) { nodes { ${ofOrder} } } } } }`,
        { id: w.orderIds.PLACED, ids: both(w) },
        (data) => data.order.customer.orders.nodes.length,
      ),
    'counted, of all users': (w) =>
      path(
        `query ($users: [ID!]!, ${ids}) { users(filter: { id: { in: $users } }) { nodes {
           orders(filter: { id: { in: $ids } }, first: 1) { totalCount totalCountIsExact } } } }`,
        { users: everyUser(w), ids: both(w) },
        (data) => data.users.nodes.reduce((sum: number, user: any) => sum + user.orders.totalCount, 0),
      ),
    'in the answer of a change of the profile': (w) =>
      path(
        `mutation (${ids}) { updateMe(input: {}) { ${ofCustomer} orders(filter: { id: { in: $ids } }) { nodes { ${ofOrder} } } } }`,
        { ids: both(w) },
        (data) => data.updateMe.orders.nodes.length,
      ),
  },
  'Order.customer': {
    'of Ada’s and Grace’s orders': (w) =>
      path(
        `query (${ids}) { orders(filter: { id: { in: $ids } }) { nodes { ${ofOrder} customer { ${ofCustomer} } } } }`,
        { ids: both(w) },
        (data) => present(data.orders.nodes.map((o: any) => o.customer)),
      ),
    'of Ada’s order': (w) => byOrder(w.orderIds.PLACED, `customer { ${ofCustomer} }`, (o) => present([o.customer])),
    'in the answer of a cancellation': async (w) =>
      path(
        `mutation ($id: ID!) { cancelOrder(id: $id) { ${ofOrder} customer { ${ofCustomer} } history { reason } } }`,
        { id: await w.makeOrder('PLACED') },
        (data) => present([data.cancelOrder.customer]),
      ),
  },
  'Order.lines': {
    'of Ada’s order': (w) => byOrder(w.orderIds.PLACED, 'lines { id sku name }', (o) => o.lines.length),
    'of orders of all users, Ada’s': (w) =>
      byUsers(w, 'lines { id sku name }', [w.orderIds.PLACED], (orders) => orders.flatMap((o) => o.lines).length),
  },
  'Order.history': {
    'of Ada’s order': (w) => byOrder(w.orderIds.PLACED, 'history { number reason actorId }', (o) => o.history.length),
    'of orders of all users, Ada’s': (w) =>
      byUsers(w, 'history { number reason }', [w.orderIds.PLACED], (orders) => orders.flatMap((o) => o.history).length),
  },
  'OrderLine.product': {
    'one for sale, one draft': async (w) =>
      byOrder(await mixedOrder(w), `lines { sku product { ${ofProduct} } }`, (o) =>
        present(o.lines.map((l: any) => l.product)),
      ),
    'of orders of all users, one of them a draft': async (w) =>
      byUsers(w, `lines { product { ${ofProduct} } }`, [await mixedOrder(w)], (orders) =>
        present(orders.flatMap((o) => o.lines).map((l: any) => l.product)),
      ),
  },
  'Product.category': {
    'of products of an order, one of them a draft': async (w) =>
      byOrder(await mixedOrder(w), 'lines { product { category { id slug } } }', (o) =>
        present(o.lines.map((l: any) => l.product?.category)),
      ),
  },
  'Category.products': {
    'by the products of an order': async (w) =>
      path(
        `query ($id: ID!, ${ids}) { order(id: $id) { lines { product { category {
           products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} } } } } } } }`,
        { id: await mixedOrder(w), ids: twoProducts(w) },
        (data) => data.order.lines[0].product.category.products.nodes.length,
      ),
  },
};
