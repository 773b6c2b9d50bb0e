import { round, summarize } from './measure.mjs';

/** Of the usual size: five thousand larger pages would be more orders than there are. */
const adminList = '/v1/orders?status=DELIVERED&sort=-totalAmount&limit=20';

/**
 * Walks the admin list to a page and compares what that page costs with what the first one costs.
 * @param {{ headers: Record<string, string>, tandem: import('./services.mjs').Service, postmaster: number, page: number, connections: number, seconds: number, rounds: number }} options
 */
export async function measureDeepPages({ headers, tandem, postmaster, page, connections, seconds, rounds }) {
  let path = adminList;
  for (let at = 1; at < page; at++) {
    const response = await fetch(tandem.url + path, { headers });
    /** @type {any} */
    const body = await response.json();
    if (!response.ok || !body.page.next) throw new Error(`The admin list ends before page ${page}.`);
    path = `${adminList}&after=${encodeURIComponent(body.page.next)}`;
  }
  const load = (/** @type {string} */ at) => ({
    requests: [{ method: /** @type {const} */ ('GET'), path: at, headers }],
    connections,
    seconds,
  });
  const first = [];
  const deep = [];
  await round(tandem, postmaster, load(path));
  for (let i = 0; i < rounds; i++) {
    first.push(await round(tandem, postmaster, load(adminList)));
    deep.push(await round(tandem, postmaster, load(path)));
  }
  const [a, b] = [summarize(first), summarize(deep)];
  return { page, first: a, deep: b, ratio: { latency: b.p50 / a.p50, cpu: b.cpu.total / a.cpu.total } };
}
