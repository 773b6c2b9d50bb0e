import { latestOrders, latestOrdersFields, newestUsers } from './documents.mjs';

/**
 * @typedef {{ method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string }} Request
 * @typedef {{ name: string, title: string, target: number, writes: boolean, requests: Request[] }} Workload
 * @typedef {Awaited<ReturnType<typeof import('./preparation.mjs').drawSample>>} Sample
 */

const pieces = 3;
const adminList = '/v1/orders?status=DELIVERED&sort=-totalAmount&limit=50';

/** @param {string} path @param {string} token @returns {Request} */
export const get = (path, token) => ({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } });
/** @param {string} path @param {string} token @param {object} body @returns {Request} */
const post = (path, token, body) => ({
  method: 'POST',
  path,
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * @param {Sample} sample
 * @param {(subject: string) => Promise<string>} sign
 * @returns {Promise<Workload[]>}
 */
export async function makeWorkloads(sample, sign) {
  const admin = await sign(sample.admin);
  const customers = await Promise.all(
    sample.customers.map(async (id) => ({ token: await sign(id), orders: sample.orders.get(id) ?? [] })),
  );
  const each = (/** @type {(token: string) => Request} */ ask) => customers.map(({ token }) => ask(token));
  const latest = `/v1/orders?limit=20&sort=-createdAt&fields=${latestOrdersFields}`;
  return [
    {
      name: 'order',
      title: 'one order with its lines',
      target: 0.75,
      writes: false,
      requests: customers.flatMap(({ token, orders }) => orders.map((id) => get(`/v1/orders/${id}`, token))),
    },
    {
      name: 'latest-rest',
      title: 'latest 20 orders, lines, product names; REST',
      target: 0.85,
      writes: false,
      requests: each((token) => get(latest, token)),
    },
    {
      name: 'latest-graphql',
      title: 'the same; GraphQL',
      target: 0.85,
      writes: false,
      requests: each((token) => post('/graphql', token, { query: latestOrders })),
    },
    {
      name: 'admin-list',
      title: 'orders of a status by total, admin',
      target: 0.85,
      writes: false,
      requests: [get(adminList, admin)],
    },
    {
      name: 'users-graphql',
      title: '20 users, 5 orders each, lines, products; GraphQL',
      target: 0.7,
      writes: false,
      requests: [post('/graphql', admin, { query: newestUsers })],
    },
    {
      name: 'place',
      title: 'place an order of 3 lines',
      target: 0.7,
      writes: true,
      requests: Array.from({ length: 400 }, (_, i) => {
        const { token } = customers[i % customers.length];
        // Steps of 7, so that neighbours in the list of requests do not want the same products.
        const product = (/** @type {number} */ n) => sample.products[(i * 7 + n * 61) % sample.products.length];
        const lines = Array.from({ length: pieces }, (_, n) => ({ productId: product(n), quantity: 1 + (n % 2) }));
        return post('/v1/orders', token, { lines, place: true });
      }),
    },
  ];
}
