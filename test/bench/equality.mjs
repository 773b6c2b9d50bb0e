import { deepStrictEqual } from 'node:assert';
import pg from 'pg';

/** @typedef {import('./workloads.mjs').Request} Request */
/** @typedef {import('./workloads.mjs').Workload} Workload */
/** @typedef {import('./services.mjs').Service} Service */

/** @param {Service} service @param {Request} request @returns {Promise<{ status: number, body: any }>} */
export async function ask(service, { path, ...init }) {
  const response = await fetch(service.url + path, init);
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

/**
 * Asks both for the same and fails unless they answer the same: the same JSON, and for a write the same rows. What can
 * only differ is left out: how a cursor is written, and of a write the ids and times that were made for it.
 * @param {Workload} workload @param {Service[]} services @param {string} servingUrl
 */
export async function checkEqual(workload, services, servingUrl) {
  const { requests, writes } = workload;
  const step = Math.max(1, Math.floor(requests.length / 25));
  for (let at = 0; at < requests.length; at += step) {
    const seen = [];
    for (const service of services) {
      const { status, body } = await ask(service, requests[at]);
      if (status > 299)
        throw new Error(`${service.name} answers ${requests[at].path} with ${status}: ${JSON.stringify(body)}`);
      seen.push({
        status,
        body: writes ? withoutMade(body) : opaqueCursor(body),
        rows: writes ? await rowsOf(body.id, servingUrl) : [],
      });
    }
    deepStrictEqual(seen[0], seen[1], `${workload.name}: the answers differ`);
  }
}
/** @param {any} body */
const opaqueCursor = (body) => (body.page ? { ...body, page: { ...body.page, next: typeof body.page.next } } : body);

/** @param {any} order */
function withoutMade(order) {
  const { id, placedAt, createdAt, updatedAt, lines, ...rest } = order;
  const kinds = [id, placedAt, createdAt, updatedAt].map((value) => String(value).replace(/[0-9a-f]/g, '0'));
  return {
    ...rest,
    kinds,
    lines: lines.map((/** @type {any} */ { id: line, ...others }) => ({ ...others, kind: typeof line })),
  };
}

/** The rows that placing leaves behind, without what was made for them. @param {string} id @param {string} servingUrl */
async function rowsOf(id, servingUrl) {
  const client = new pg.Client({ connectionString: servingUrl });
  await client.connect();
  const made = `'id', 'order_id', 'created_at', 'updated_at', 'placed_at', 'at', 'xid'`;
  const { rows } = await client.query(
    `select 'order' as kind, to_jsonb(o) - array[${made}] as row from orders o where id = $1
     union all select * from (select 'line', to_jsonb(l) - array[${made}] from order_lines l where order_id = $1 order by position) l
     union all select * from (select 'move', to_jsonb(h) - array[${made}] from order_history h where order_id = $1 order by number) h
     union all select 'told', to_jsonb(n) - array[${made}] #- '{data,orderId}' from notifications n where data ->> 'orderId' = $1::text`,
    [id],
  );
  await client.end();
  return rows;
}
