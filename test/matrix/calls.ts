import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Method } from '#libs/testing/surfaces.js';
import { startWorld, type World } from '#test/harness/world.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import type { Caller } from './expected.js';

/** The world, with Grace’s part of it and stock for many orders. */
export interface MatrixWorld extends World {
  readonly graceOrderId: string;
  /** Ada’s, with a line of a product that is for sale and one of a draft. */
  readonly mixedOrderId: string;
  readonly archivedProductId: string;
  readonly deletedProductId: string;
  makeCategory(): Promise<string>;
}
/** The same request in both languages. */
export interface Call {
  readonly rest: readonly [method: Method, path: string, body?: unknown];
  readonly graphql: readonly [field: string, args: Readonly<Record<string, unknown>>];
}
export const nowhere = '0197f5a0-0000-7000-8000-000000000000';
const supportRole = '01900000-0000-7000-8000-000000000002';
const unique = () => randomBytes(6).toString('hex');

export async function startMatrix(options: TestAppOptions = {}): Promise<MatrixWorld> {
  const world = await startWorld(options);
  const { database } = world.app;
  const graceOrderId = await world.makeOrder('PLACED', world.ids.grace);
  const mixedOrderId = await world.makeOrder('PLACED');
  await database.sql('update order_lines set product_id = $2 where order_id = $1 and position = 2', [
    mixedOrderId,
    world.draftProductId,
  ]);
  const archivedProductId = await world.makeProduct({ status: 'ARCHIVED' });
  const deletedProductId = await world.makeProduct();
  await database.sql('update products set deleted_at = now() where id = $1', [deletedProductId]);
  await database.sql('update products set stock = 100000');
  const makeCategory = async () => {
    const id = uuidv7();
    await database.sql(`insert into categories (id, slug, name) values ($1, $2, 'Made')`, [id, `made-${unique()}`]);
    return id;
  };
  return { ...world, graceOrderId, mixedOrderId, archivedProductId, deletedProductId, makeCategory };
}

type MakeCall = (w: MatrixWorld, caller: Caller) => Call | Promise<Call>;
const own = (w: MatrixWorld, caller: Caller) => (caller === 'anonymous' ? w.ids.ada : w.ids[caller]);
const rolesOf = (caller: Caller) =>
  caller === 'support' || caller === 'manager' || caller === 'admin' ? ['customer', caller] : ['customer'];

const list = (path: string, field: string, ids: string[]): Call => ({
  rest: ['GET', `/v1/${path}?id[in]=${ids.join()}`],
  graphql: [field, { filter: { id: { in: ids } } }],
});
const read = (path: string, field: string, id: string): Call => ({
  rest: ['GET', `/v1/${path}/${id}`],
  graphql: [field, { id }],
});
const create = (path: string, field: string, input: object): Call => ({
  rest: ['POST', `/v1/${path}`, input],
  graphql: [field, { input }],
});
const update = (path: string, field: string, id: string, input: object): Call => ({
  rest: ['PATCH', `/v1/${path}/${id}`, input],
  graphql: [field, { id, input }],
});
const remove = (path: string, field: string, id: string): Call => ({
  rest: ['DELETE', `/v1/${path}/${id}`],
  graphql: [field, { id }],
});
const order = (w: MatrixWorld, input: object) =>
  create('orders', 'createOrder', { lines: [{ productId: w.productIds[0], quantity: 1 }], ...input });
/** A move of an order: `placeOrder`, `POST …/place`. */
export const move = (verb: string, id: string, input: object = {}): Call => ({
  rest: ['POST', `/v1/orders/${id}/${verb}`, input],
  graphql: [`${verb}Order`, { id, input }],
});
const setLine = (id: string, productId: string): Call => ({
  rest: ['PUT', `/v1/orders/${id}/lines/${productId}`, { quantity: 3 }],
  graphql: ['setOrderLine', { id, productId, input: { quantity: 3 } }],
});
const account = (verb: string, field: string, id: string, input?: object): Call => ({
  rest: [verb === 'roles' ? 'PUT' : 'POST', `/v1/users/${id}/${verb}`, input],
  graphql: [field, { id, ...(input && { input }) }],
});
const product = (w: MatrixWorld) =>
  create('products', 'createProduct', {
    categoryId: w.categoryId,
    sku: `M-${unique()}`,
    name: 'Made',
    price: { amount: 1, currency: 'EUR' },
  });
const note = { note: 'Changed' };
const internalNote = { internalNote: 'Changed' };

/** How the situations of the matrix come about; each call has a row of its own to work on where it changes anything. */
export const calls: Readonly<Record<string, Readonly<Record<string, MakeCall>>>> = {
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

  listUsers: { 'Ada and Grace': (w) => list('users', 'users', [w.ids.ada, w.ids.grace]) },
  me: { 'the profile': () => ({ rest: ['GET', '/v1/users/me'], graphql: ['me', {}] }) },
  updateMe: {
    'the profile': () => {
      const input = { timeZone: 'Europe/Vienna' };
      return { rest: ['PATCH', '/v1/users/me', input], graphql: ['updateMe', { input }] };
    },
  },
  getUser: {
    Ada: (w) => read('users', 'user', w.ids.ada),
    'a suspended account': (w) => read('users', 'user', w.ids.suspended),
    'there is none': () => read('users', 'user', nowhere),
  },
  suspendUser: {
    'a customer': async (w) => account('suspend', 'suspendUser', await w.makeUser(), { reason: 'For the test' }),
    oneself: (w, caller) => account('suspend', 'suspendUser', own(w, caller), {}),
  },
  reactivateUser: {
    'a suspended account': async (w) =>
      account('reactivate', 'reactivateUser', await w.makeUser({ status: 'SUSPENDED' })),
  },
  setUserRoles: {
    'of a customer': async (w) => account('roles', 'setUserRoles', await w.makeUser(), { roles: ['support'] }),
    'of oneself': (w, caller) => account('roles', 'setUserRoles', own(w, caller), { roles: rolesOf(caller) }),
  },
  listRoles: { all: () => ({ rest: ['GET', '/v1/roles'], graphql: ['roles', {}] }) },
  getRole: { 'a built-in one': () => read('roles', 'role', supportRole) },

  listCategories: { one: (w) => list('categories', 'categories', [w.categoryId]) },
  getCategory: { one: (w) => read('categories', 'category', w.categoryId) },
  createCategory: { one: () => create('categories', 'createCategory', { slug: `new-${unique()}`, name: 'New' }) },
  updateCategory: {
    one: async (w) => update('categories', 'updateCategory', await w.makeCategory(), { name: 'Changed' }),
  },
  deleteCategory: {
    'one without products': async (w) => remove('categories', 'deleteCategory', await w.makeCategory()),
  },
  listProducts: { 'one for sale, one draft': (w) => list('products', 'products', [w.productIds[0], w.draftProductId]) },
  getProduct: {
    'for sale': (w) => read('products', 'product', w.productIds[0]),
    draft: (w) => read('products', 'product', w.draftProductId),
    archived: (w) => read('products', 'product', w.archivedProductId),
    deleted: (w) => read('products', 'product', w.deletedProductId),
  },
  createProduct: { one: (w) => product(w) },
  updateProduct: {
    'for sale': async (w) => update('products', 'updateProduct', await w.makeProduct(), { name: 'Changed' }),
    draft: async (w) =>
      update('products', 'updateProduct', await w.makeProduct({ status: 'DRAFT' }), { status: 'ACTIVE' }),
  },
  deleteProduct: { one: async (w) => remove('products', 'deleteProduct', await w.makeProduct()) },
};

/** A path of GraphQL, and how many rows of its end an answer holds. */
export interface Path {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly count: (data: any) => number;
}
type MakePath = (w: MatrixWorld) => Path | Promise<Path>;

const present = (values: readonly unknown[]) => values.filter((v) => v !== null && v !== undefined).length;
const everyUser = (w: MatrixWorld) => Object.values(w.ids);
const both = (w: MatrixWorld) => [w.orderIds.PLACED, w.graceOrderId];
const twoProducts = (w: MatrixWorld) => [w.productIds[0], w.draftProductId];
const path = (query: string, variables: object, count: (data: any) => number): Path => ({
  query,
  variables: variables as Path['variables'],
  count,
});
const ofCustomer = 'id email displayName status suspensionReason locale timeZone roles preferences';
const ofOrder = 'id status note internalNote etag';
const ofProduct = 'id sku name description status stock attributes';
const ids = '$ids: [ID!]!';
/** All orders that users lead to, by what is asked of each. */
const byUsers = (w: MatrixWorld, selection: string, orderIds: string[], count: (orders: any[]) => number) =>
  path(
    `query ($users: [ID!]!, ${ids}) { users(filter: { id: { in: $users } }) { nodes { id
       orders(filter: { id: { in: $ids } }) { nodes { ${ofOrder} ${selection} } } } } }`,
    { users: everyUser(w), ids: orderIds },
    (data) => count(data.users.nodes.flatMap((user: any) => user.orders.nodes)),
  );
const byOrder = (id: string, selection: string, count: (order: any) => number) =>
  path(`query ($id: ID!) { order(id: $id) { ${ofOrder} ${selection} } }`, { id }, (data) => count(data.order));

export const paths: Readonly<Record<string, Readonly<Record<string, MakePath>>>> = {
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
    'one for sale, one draft': (w) =>
      byOrder(w.mixedOrderId, `lines { sku product { ${ofProduct} } }`, (o) =>
        present(o.lines.map((l: any) => l.product)),
      ),
    'of orders of all users, one of them a draft': (w) =>
      byUsers(w, `lines { product { ${ofProduct} } }`, [w.mixedOrderId], (orders) =>
        present(orders.flatMap((o) => o.lines).map((l: any) => l.product)),
      ),
  },
  'Product.category': {
    'of one for sale and a draft': (w) =>
      path(
        `query (${ids}) { products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} category { id slug } } } }`,
        { ids: twoProducts(w) },
        (data) => present(data.products.nodes.map((p: any) => p.category)),
      ),
    'of products of an order, one of them a draft': (w) =>
      byOrder(w.mixedOrderId, 'lines { product { category { id slug } } }', (o) =>
        present(o.lines.map((l: any) => l.product?.category)),
      ),
  },
  'Category.products': {
    'one for sale, one draft': (w) =>
      path(
        `query ($id: ID!, ${ids}) { category(id: $id) { id products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} } } } }`,
        { id: w.categoryId, ids: twoProducts(w) },
        (data) => data.category.products.nodes.length,
      ),
    'by the category of a product': (w) =>
      path(
        `query ($id: ID!, ${ids}) { product(id: $id) { category { products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} } } } } }`,
        { id: w.productIds[1], ids: twoProducts(w) },
        (data) => data.product.category.products.nodes.length,
      ),
    counted: (w) =>
      path(
        `query (${ids}) { categories { nodes { products(filter: { id: { in: $ids } }, first: 1) { totalCount } } } }`,
        { ids: twoProducts(w) },
        (data) => data.categories.nodes.reduce((sum: number, c: any) => sum + c.products.totalCount, 0),
      ),
    'by the products of an order': (w) =>
      path(
        `query ($id: ID!, ${ids}) { order(id: $id) { lines { product { category {
           products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} } } } } } } }`,
        { id: w.mixedOrderId, ids: twoProducts(w) },
        (data) => data.order.lines[0].product.category.products.nodes.length,
      ),
  },
};
