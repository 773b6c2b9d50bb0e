import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enumCase } from '#libs/contract/names.js';
import { parseSort } from '#libs/database/compiler.js';
import type { TestClient } from '#libs/testing/clients.js';
import { orders } from '#src/orders/orders.resource.js';
import type { TestApp } from '#test/harness/test-app.js';
import { startLists } from '#test/lists/started.js';
import { graphqlPages, restPages, sortedIds, sortsOf, walk, type FetchPage } from '#test/lists/walk.js';
import { flaws, Writers } from './writers.js';

let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  ({ app, admin } = await startLists(130));
});
afterAll(() => app.stop());
const maxPages = 200;

describe('the orders of a user, page by page', () => {
  it.each([...sortsOf(orders).single, '-placedAt,totalAmount', 'totalAmount,-placedAt'])(
    'sorted by %s are the list that PostgreSQL sorts',
    async (sort) => {
      const document = `query ($after: String, $sort: [OrderSort!]) {
        me { orders(first: 20, after: $after, sort: $sort) { nodes { id } pageInfo { hasNextPage endCursor } } } }`;
      const keys = parseSort(sort).map((k) => ({ field: enumCase(k.name), direction: k.desc ? 'DESC' : 'ASC' }));
      const page: FetchPage = async (after) => {
        const { data, errors } = await admin.graphql(document, { after, sort: keys });
        expect(errors).toEqual([]);
        const { nodes, pageInfo } = data.me.orders;
        return { ids: nodes.map((n: { id: string }) => n.id), next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
      };
      expect(await walk(page, { maxPages })).toEqual(await sortedIds(app.database, orders, sort));
    },
  );
});

describe('a cursor', () => {
  const cursorOf = async (path: string) => (await admin.get(path)).body.page.next as string;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const read = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
  const answerTo = async (path: string, after: string): Promise<unknown[]> => {
    const separator = path.includes('?') ? '&' : '?';
    const { status, body } = await admin.get(`${path}${separator}after=${encodeURIComponent(after)}`);
    return [status, body.error?.code];
  };
  const refused = [400, 'CURSOR_INVALID'];
  it.each([
    ['of another sort', '/v1/orders?sort=placedAt', '/v1/orders?sort=-placedAt'],
    ['of the default sort', '/v1/orders', '/v1/orders?sort=totalAmount'],
    ['of another list with the same sort', '/v1/products?sort=-createdAt', '/v1/orders?sort=-createdAt'],
    ['of a list without the filter', '/v1/orders', '/v1/orders?status=PLACED'],
    ['of another filter', '/v1/orders?status=PLACED', '/v1/orders?status=DRAFT'],
    ['of another operator', '/v1/orders?totalAmount[gte]=100', '/v1/orders?totalAmount[lte]=100'],
    ['of another search', '/v1/products?q=thing', '/v1/products?q=1'],
  ])('%s is refused', async (_name, from, to) => {
    const after = await cursorOf(`${from}${from.includes('?') ? '&' : '?'}limit=1`);
    expect(await answerTo(to, after)).toEqual(refused);
    expect(await answerTo(from, after)).toEqual([200, undefined]);
  });
  it('may go on with another limit, other fields and over the other API', async () => {
    const after = await cursorOf('/v1/orders?sort=-placedAt&limit=3');
    const ids = (await sortedIds(app.database, orders, '-placedAt')).slice(3, 8);
    const { body } = await admin.get(`/v1/orders?sort=-placedAt&limit=5&fields=id,total&after=${after}`);
    expect(body.data.map((row: { id: string }) => row.id)).toEqual(ids);
    expect(await graphqlPages(admin, orders, '-placedAt', 5)(after)).toMatchObject({ ids });
  });
  it('that nobody made is refused', async () => {
    const after = await cursorOf('/v1/orders?sort=placedAt&limit=1');
    const [scope, placedAt, id] = read(after);
    const made: unknown[] = [
      {},
      [],
      null,
      'x',
      [scope],
      [scope, placedAt],
      [scope, placedAt, id, id],
      [scope, id, placedAt],
      [scope, placedAt, null],
      [scope, placedAt, 'x'],
      [scope, 'x', id],
      [scope, '2026-02-31T00:00:00Z', id],
      [scope, placedAt, { toString: 1 }],
      [scope, [placedAt], [[]]],
      ['x', placedAt, id],
    ];
    const texts = ['', 'x', '%00', 'ü', '[', '='.repeat(100), encode('['.repeat(3000)), ...made.map(encode)];
    for (const text of texts) expect(await answerTo('/v1/orders?sort=placedAt', text), text).toEqual(refused);
    const [ofTotals] = read(await cursorOf('/v1/orders?sort=totalAmount&limit=1'));
    for (const amount of ['1e3', '1.5', 2 ** 60, true])
      expect(await answerTo('/v1/orders?sort=totalAmount', encode([ofTotals, amount, id]))).toEqual(refused);
  });
  it('is refused over GraphQL with the same code', async () => {
    const after = await cursorOf('/v1/orders?sort=placedAt&limit=1');
    for (const cursor of [after, '', 'x']) {
      const { code, status } = await admin.graphql(
        'query ($after: String) { orders(after: $after) { nodes { id } } }',
        { after: cursor },
      );
      expect([status, code]).toEqual([200, 'CURSOR_INVALID']);
    }
  });
});

it.each([
  ['REST', '-createdAt', restPages],
  ['REST', 'placedAt', restPages],
  ['REST', '-placedAt,totalAmount', restPages],
  ['GraphQL', '-placedAt', graphqlPages],
  ['GraphQL', 'totalAmount', graphqlPages],
] as const)(
  'a walk over %s by %s while others write meets every row that was there throughout, once',
  { timeout: 60_000 },
  async (_api, sort, pages) => {
    const lasting = await sortedIds(app.database, orders, 'id');
    const writers = new Writers(app.database, lasting);
    writers.start();
    const walked = await walk(pages(admin, orders, sort, 7), { maxPages: 500, between: () => writers.busy() });
    await writers.stop();
    expect(flaws(walked, lasting, writers.moved)).toEqual([]);
    expect(walked.length).toBeGreaterThan(lasting.length);
    const stayed = walked.filter((id) => lasting.includes(id));
    expect(stayed).toEqual((await sortedIds(app.database, orders, sort)).filter((id) => lasting.includes(id)));
    await app.database.sql('delete from orders where not id = any($1::uuid[])', [lasting]);
  },
);
