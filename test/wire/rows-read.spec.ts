import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Statements } from '#libs/database/statements.js';
import type { TestClient } from '#libs/testing/clients.js';
import type { TestApp } from '#test/harness/test-app.js';
import { startLists } from '#test/lists/started.js';

let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  ({ app, admin } = await startLists(20));
});
afterAll(() => app.stop());

/** What is read of a table: columns of the statements, and how many rows came of each. */
async function readOf(table: string, query: string) {
  const run = vi.spyOn(Statements.prototype, 'run');
  const { errors, data } = await admin.graphql(query);
  expect(errors).toEqual([]);
  const rows = await Promise.all(run.mock.results.map(({ value }) => value as ReturnType<Statements['run']>));
  const read = run.mock.calls.flatMap(([{ text }], i) =>
    new RegExp(`^SELECT .* FROM [^.]*\\b${table}\\b`).test(text)
      ? [{ columns: text.slice('SELECT '.length, text.indexOf(' FROM')), rows: rows[i].length }]
      : [],
  );
  run.mockRestore();
  return { data, read };
}

it.each([
  ['nodes { displayName }', 2, 't0."id", t0."display_name"'],
  ['nodes { displayName } pageInfo { hasNextPage }', 3, 't0."id", t0."display_name"'],
  ['nodes { displayName } pageInfo { endCursor }', 2, 't0."id", t0."display_name", t0."created_at"'],
  ['edges { cursor node { displayName } }', 2, 't0."id", t0."display_name", t0."created_at"'],
])('a page that asks for %s reads %i rows of %s', async (asked, rows, columns) => {
  const { read } = await readOf('users', `{ users(first: 2) { ${asked} } }`);
  expect(read).toEqual([{ rows, columns }]);
});
it('a page of children reads one row more of each parent only when it has to know', async () => {
  const { database } = app;
  await database.sql(
    'update orders set customer_id = (select id from users order by created_at desc, id desc limit 1)',
  );
  const ask = (more: string) =>
    readOf('orders', `{ users(first: 1) { nodes { orders(first: 4) { nodes { status } ${more} } } } }`);
  const [without, beside] = [await ask(''), await ask('pageInfo { hasNextPage }')];
  expect([without.read[0].rows, beside.read[0].rows]).toEqual([4, 5]);
  expect(without.data.users.nodes[0].orders.nodes).toHaveLength(4);
  const { nodes, pageInfo } = beside.data.users.nodes[0].orders;
  expect([nodes.length, pageInfo.hasNextPage]).toEqual([4, true]);
});
it('joined rows are known to be there by what is read of them', async () => {
  const { read, data } = await readOf(
    'orders',
    '{ orders(first: 2) { nodes { lines { quantity product { name category { id } } } } } }',
  );
  expect(read[0].columns).toBe('t0."id", t1."quantity", t2."name", t3."id"');
  expect(data.orders.nodes).toHaveLength(2);
  const bare = await readOf('orders', '{ orders(first: 2) { nodes { lines { __typename product { __typename } } } } }');
  expect(bare.read[0].columns).toBe('t0."id", t1."id", t2."id"');
});
