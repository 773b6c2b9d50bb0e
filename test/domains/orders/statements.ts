import type { StatementRow } from '#test/harness/domain-tests.js';
import type { OrdersWorld } from './world.js';

/** 120 orders of Ada and Grace in one go. */
async function prepare({ app: { database }, ids, productIds }: OrdersWorld): Promise<void> {
  await database.sql(
    `insert into orders (id, customer_id, status, currency, placed_at)
     select gen_random_uuid(), case when n % 2 = 0 then $1::uuid else $2::uuid end, 'PLACED', 'EUR', now() from generate_series(1, 120) n`,
    [ids.ada, ids.grace],
  );
  await database.sql(
    `insert into order_lines (id, order_id, customer_id, position, product_id, sku, name, unit_price_amount, currency, quantity)
     select gen_random_uuid(), o.id, o.customer_id, p.n, p.id, 'sku', 'name', 100, 'EUR', 1
     from orders o, unnest($1::uuid[]) with ordinality p(id, n) where o.total_amount = 0`,
    [productIds],
  );
}

const deep = `query ($first: Int!) { orders(first: $first) { nodes {
  id status total { amount } lines { quantity product { name category { name } } } customer { displayName } } } }`;
const bothLists = (first: number) => `{ orders(first: ${first}) { nodes { lines { sku } history { toStatus } } } }`;
const oneOrder = 'query ($id: ID!) { order(id: $id) { id lines { sku } customer { displayName } } }';
const users = (selection: string) => `{ users(first: 20) { ${selection} } }`;
const reads: StatementRow<OrdersWorld>[] = [
  ...[5, 20, 100].map((first) => ({
    name: `${first} orders with lines, products and customer by GraphQL`,
    sent: 1,
    ask: async ({ clients }: OrdersWorld) => {
      const answer = await clients.support.graphql(deep, { first });
      const { nodes } = answer.data.orders;
      if (nodes.length !== first || nodes[0].lines[0].product.category.name !== 'Things')
        throw new Error(`not what was asked for: ${answer.text.slice(0, 200)}`);
      return answer;
    },
  })),
  {
    name: 'users, their latest orders, lines and products by GraphQL',
    sent: 2,
    ask: ({ clients }) =>
      clients.support.graphql(
        users('nodes { displayName orders(first: 5) { nodes { id lines { product { name } } } } }'),
      ),
  },
  {
    name: 'the same with both counts',
    sent: 4,
    ask: ({ clients }) =>
      clients.support.graphql(users('totalCount nodes { displayName orders(first: 5) { totalCount nodes { id } } }')),
  },
  ...[5, 100].map((first) => ({
    name: `a second to-many relation of ${first} orders`,
    sent: 2,
    ask: ({ clients }: OrdersWorld) => clients.support.graphql(bothLists(first)),
  })),
  { name: 'a list by REST', sent: 1, ask: ({ clients }) => clients.ada.get('/v1/orders?limit=20') },
  {
    name: 'a list with lines, products and customer by REST',
    sent: 1,
    ask: ({ clients }) => clients.ada.get('/v1/orders?limit=20&fields=id,lines.product.name,customer.displayName'),
  },
  {
    name: 'a list with its count by REST',
    sent: 2,
    ask: ({ clients }) => clients.ada.get('/v1/orders?limit=20&count=true'),
  },
  {
    name: 'one order by REST',
    sent: 1,
    ask: ({ clients, orderIds }) => clients.ada.get(`/v1/orders/${orderIds.PLACED}`),
  },
  {
    name: 'one order by GraphQL',
    sent: 1,
    ask: ({ clients, orderIds }) => clients.ada.graphql(oneOrder, { id: orderIds.PLACED }),
  },
  { name: 'what may not be read, by REST', sent: 0, ask: ({ clients }) => clients.anonymous.get('/v1/orders') },
  {
    name: 'what may not be read, by GraphQL',
    sent: 0,
    ask: ({ clients }) => clients.anonymous.graphql('{ orders { nodes { id } } }'),
  },
  { name: 'what the suspended may not read', sent: 0, ask: ({ clients }) => clients.suspended.get('/v1/orders') },
];

const lines = ({ productIds }: OrdersWorld) => productIds.map((productId) => ({ productId, quantity: 1 }));
const commands: StatementRow<OrdersWorld>[] = [
  { name: 'a draft of three lines', sent: 5, ask: (w) => w.clients.ada.post('/v1/orders', { lines: lines(w) }) },
  {
    // In two round trips.
    name: 'an order of three lines, placed at once',
    sent: 6,
    ask: (w) => w.clients.ada.post('/v1/orders', { lines: lines(w), place: true }),
  },
  {
    name: 'a change of a note',
    sent: 5,
    ask: (w) => w.clients.ada.patch(`/v1/orders/${w.orderIds.DRAFT}`, { note: 'x' }),
  },
  {
    name: 'a line of a draft',
    sent: 8,
    ask: (w) => w.clients.ada.put(`/v1/orders/${w.orderIds.DRAFT}/lines/${w.productIds[2]}`, { quantity: 2 }),
  },
  {
    name: 'placing a draft of three lines',
    sent: 9,
    ask: (w) => w.clients.ada.post(`/v1/orders/${w.orderIds.DRAFT}/place`),
  },
  {
    name: 'a move by staff without effect on stock, with its audit entry',
    sent: 9,
    ask: (w) => w.clients.support.post(`/v1/orders/${w.orderIds.PLACED}/confirm`),
  },
  {
    name: 'a cancel by staff that gives pieces back, with its audit entry',
    sent: 12,
    ask: (w) => w.clients.support.post(`/v1/orders/${w.orderIds.CONFIRMED}/cancel`),
  },
  { name: 'an order of nothing', sent: 0, ask: (w) => w.clients.ada.post('/v1/orders', { lines: [] }) },
  {
    name: 'an order with a field that there is not',
    sent: 0,
    ask: (w) => w.clients.ada.post('/v1/orders', { lines: lines(w), ownerId: 'x' }),
  },
  {
    name: 'a move that the caller may never make',
    sent: 0,
    ask: (w) => w.clients.ada.post(`/v1/orders/${w.orderIds.DRAFT}/ship`),
  },
  { name: 'an order of nobody', sent: 0, ask: (w) => w.clients.anonymous.post('/v1/orders', { lines: lines(w) }) },
  {
    name: 'an order of nothing by GraphQL',
    sent: 0,
    ask: (w) =>
      w.clients.ada.graphql('mutation ($input: CreateOrderInput!) { createOrder(input: $input) { id } }', {
        input: { lines: [] },
      }),
  },
];
export const statements = { prepare, rows: [...reads, ...commands] };
