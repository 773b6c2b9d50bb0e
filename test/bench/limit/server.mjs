// The limit: what somebody who writes one server by hand for exactly these requests can reach. fastify and pg, prepared
// statements, response schemas, a checked token, row conditions by role; no framework, no log, no other route.
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createVerifier } from 'fast-jwt';
import fastify from 'fastify';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { latestOrders, newestUsers } from '../documents.mjs';
import * as schemas from './schemas.mjs';
import * as sql from './statements.mjs';

const env = process.env;
const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 10 });
pool.on('error', (error) => console.error(error.message));
/** @param {object} statement @param {unknown[]} values @returns {Promise<any[][]>} */
const run = async (statement, values) => (await pool.query(/** @type {any} */ ({ ...statement, values }))).rows;

const { keys } = JSON.parse(readFileSync(String(env.TOKEN_JWKS_FILE), 'utf8'));
const verify = createVerifier({
  key: createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
  algorithms: ['ES256'],
  allowedIss: env.TOKEN_ISSUER,
  allowedAud: env.TOKEN_AUDIENCE,
  cache: false,
});
/** @type {Map<string, { sub: string, exp: number }>} */
const verified = new Map();
/** @type {Map<string, boolean>} */
const staff = new Map();

/** Who asks, or undefined. @param {import('fastify').FastifyRequest} request */
async function authenticate(request) {
  const header = request.headers.authorization;
  if (!header?.startsWith('Bearer ')) return undefined;
  const token = header.slice(7);
  let claims = verified.get(token);
  if (!claims) {
    try {
      claims = /** @type {{ sub: string, exp: number }} */ (verify(token));
    } catch {
      return undefined;
    }
    verified.set(token, claims);
  }
  if (claims.exp * 1000 <= Date.now()) return undefined;
  let isStaff = staff.get(claims.sub);
  if (isStaff === undefined) {
    const [account] = await run(sql.account, [claims.sub]);
    if (account?.[1] !== 'ACTIVE') return undefined;
    isStaff = account[0].some((/** @type {string} */ role) => role !== 'customer');
    staff.set(claims.sub, Boolean(isStaff));
  }
  return { id: claims.sub, isStaff };
}

/** @param {any[]} row */
const orderOf = (row) => ({
  id: row[0],
  customerId: row[1],
  status: row[2],
  total: { amount: row[3], currency: row[4] },
  note: row[5],
  placedAt: row[6],
  createdAt: row[7],
  updatedAt: row[8],
  version: row[9],
});
/** @param {any[]} row @param {number} at */
const lineOf = (row, at) => ({
  id: row[at],
  position: row[at + 1],
  productId: row[at + 2],
  sku: row[at + 3],
  name: row[at + 4],
  quantity: row[at + 5],
  unitPrice: { amount: row[at + 6], currency: row[at + 7] },
  total: { amount: row[at + 8], currency: row[at + 7] },
});
/** A user's latest orders out of flat rows. @param {any[][]} rows */
function latestOf(rows) {
  /** @type {any[]} */
  const orders = [];
  /** @type {any} */
  let order;
  for (const row of rows) {
    if (order?.id !== row[0]) {
      order = {
        id: row[0],
        status: row[1],
        total: { amount: row[2], currency: row[3] },
        note: row[4],
        placedAt: row[5],
        createdAt: row[6],
        lines: [],
      };
      orders.push(order);
    }
    if (row[7] === null) continue;
    order.lines.push({
      id: row[7],
      position: row[8],
      sku: row[9],
      quantity: row[10],
      unitPrice: { amount: row[11], currency: row[12] },
      total: { amount: row[13], currency: row[12] },
      product: row[14] === null ? null : { name: row[14] },
    });
  }
  return orders;
}
/** Users with their orders and lines out of flat rows. @param {any[][]} rows */
function usersOf(rows) {
  /** @type {any[]} */
  const users = [];
  /** @type {any} */
  let user;
  /** @type {any} */
  let order;
  for (const row of rows) {
    if (user?.id !== row[0]) {
      user = { id: row[0], displayName: row[1], orders: { nodes: [] } };
      users.push(user);
      order = undefined;
    }
    if (row[2] === null) continue;
    if (order?.id !== row[2]) {
      order = {
        id: row[2],
        status: row[3],
        total: { amount: row[4], currency: row[5] },
        lines: [],
      };
      user.orders.nodes.push(order);
    }
    if (row[6] !== null) order.lines.push({ quantity: row[7], product: row[8] === null ? null : { name: row[8] } });
  }
  return users;
}

const app = fastify();

/**
 * Two answers share a path, so each is written by the serializer of its own schema, which fastify compiles once.
 * @param {import('fastify').FastifyReply} reply @param {Record<string, unknown>} schema @param {Record<string, unknown>} body
 */
const send = (reply, schema, body) =>
  reply.type('application/json; charset=utf-8').send(reply.serializeInput(body, schema));

/**
 * One page of rows that were read with one more than the page holds.
 * @template T
 * @param {T[]} rows @param {number} limit @param {(row: T) => unknown[]} position
 */
function pageOf(rows, limit, position) {
  const more = rows.length > limit;
  if (more) rows.pop();
  const next = more ? Buffer.from(JSON.stringify(position(rows[limit - 1]))).toString('base64url') : null;
  return { data: rows, page: { next, limit } };
}

app.get('/health/ready', () => 'ready');

app.get('/v1/orders/:id', async (request, reply) => {
  const who = await authenticate(request);
  if (!who) return reply.code(401).send();
  const { id } = /** @type {{ id: string }} */ (request.params);
  const rows = await run(sql.oneOrder, [id, who.id]);
  if (rows.length === 0) return reply.code(404).send();
  const lines = rows[0][10] === null ? [] : rows.map((row) => lineOf(row, 10));
  return send(reply, schemas.order, { ...orderOf(rows[0]), lines });
});

app.get('/v1/orders', async (request, reply) => {
  const who = await authenticate(request);
  if (!who) return reply.code(401).send();
  const { status, after, limit: size } = /** @type {Record<string, string>} */ (request.query);
  const limit = Number(size);
  if (status === undefined) {
    const orders = latestOf(await run(sql.latestOrders, [who.id, limit + 1]));
    return send(
      reply,
      schemas.latestOrders,
      pageOf(orders, limit, (order) => [order.createdAt, order.id]),
    );
  }
  if (!who.isStaff) return reply.code(403).send();
  const rows = after
    ? await run(sql.ordersByStatusAfter, [status, limit + 1, ...JSON.parse(Buffer.from(after, 'base64url').toString())])
    : await run(sql.ordersByStatus, [status, limit + 1]);
  const orders = rows.map((row) => ({ ...orderOf(row), internalNote: row[10] }));
  return send(
    reply,
    schemas.orderList,
    pageOf(orders, limit, (order) => [order.total.amount, order.id]),
  );
});

app.post('/v1/orders', { schema: { body: schemas.placeBody } }, async (request, reply) => {
  const who = await authenticate(request);
  if (!who) return reply.code(401).send();
  const { lines, note } = /** @type {{ lines: { productId: string, quantity: number }[], note?: string }} */ (
    request.body
  );
  const id = uuidv7();
  const rows = await run(sql.place, [
    id,
    who.id,
    lines.map((line) => line.productId),
    lines.map(() => uuidv7()),
    lines.map((line) => line.quantity),
    note ?? null,
    new Date(),
    uuidv7(),
    uuidv7(),
  ]);
  if (rows.length === 0) return reply.code(409).send();
  const [total, currency, placedAt, createdAt, updatedAt, version] = rows[0];
  const head = [id, who.id, 'PLACED', total, currency, note ?? null, placedAt, createdAt, updatedAt, version];
  reply.code(201).header('location', `/v1/orders/${id}`);
  return send(reply, schemas.order, { ...orderOf(head), lines: rows.map((row) => lineOf(row, 6)) });
});

app.post('/graphql', async (request, reply) => {
  const who = await authenticate(request);
  if (!who) return reply.code(401).send();
  const { query } = /** @type {{ query: string }} */ (request.body);
  if (query === latestOrders) {
    const { data: nodes, page } = pageOf(latestOf(await run(sql.latestOrders, [who.id, 21])), 20, () => []);
    const orders = { nodes, pageInfo: { hasNextPage: page.next !== null } };
    return send(reply, schemas.latestOrdersGraphql, { data: { orders } });
  }
  if (query !== newestUsers) return reply.code(400).send();
  if (!who.isStaff) return reply.code(403).send();
  const nodes = usersOf(await run(sql.newestUsers, []));
  return send(reply, schemas.newestUsersGraphql, { data: { users: { nodes } } });
});

await app.listen({ port: Number(env.PORT), host: '127.0.0.1' });
process.once('SIGTERM', () => void app.close().then(() => pool.end()));
