import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectSafelist } from '#libs/graphql/collect-safelist.js';
import { sha256 } from '#libs/graphql/persisted-queries.js';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorldOf } from '#test/harness/world.js';

let world: OrdersWorld;
let enforced: TestApp;
let reporting: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'safelist-'));
const text = `query Me { me { ...Who } }
  query Order($id: ID!) { order(id: $id) { id status } }
  mutation Cancel($id: ID!) { cancelOrder(id: $id) { status } }
  fragment Who on User { id }`;
let idOf: (name: string) => string;
beforeAll(async () => {
  world = await startWorldOf(ordersTests);
  const { schema } = (world.app.app.getHttpAdapter().getInstance() as unknown as { graphql: { schema: GraphQLSchema } })
    .graphql;
  const manifest = collectSafelist(schema, [{ name: 'app.graphql', text }]);
  idOf = (name) => manifest.operations.find((operation) => operation.name === name)!.id;
  const file = join(folder, 'safelist.json');
  writeFileSync(file, JSON.stringify(manifest));
  const { database, issuer, sniffer } = world.app;
  const start = (mode: string) =>
    TestApp.start({ database, issuer, sniffer, env: { GRAPHQL_SAFELIST: file, GRAPHQL_SAFELIST_MODE: mode } });
  [enforced, reporting] = await Promise.all([start('enforce'), start('report')]);
  // The first connection to the database may take longer than a request waits for one.
  for (const { anonymous } of [enforced, reporting])
    while ((await anonymous.get('/v1/products')).status === 503) await delay(50);
});
afterAll(async () => {
  await Promise.all([enforced, reporting].map((app) => app.stop()));
  await world.app.stop();
  rmSync(folder, { recursive: true });
});

const persisted = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
const ask = async (body: object, app = enforced, accept?: string) => {
  const client = await app.as('ada', world.ids.ada);
  return client.post('/graphql', body, accept === undefined ? undefined : { accept });
};
const outcome = ({ status, body }: { status: number; body: any }) => [status, body.errors?.[0]?.extensions?.code];

describe('with a safelist', () => {
  it('listed documents run by their hash, with nothing sent before', async () => {
    for (let i = 0; i < 5; i++)
      expect((await ask(persisted(idOf('Me')))).body).toEqual({ data: { me: { id: world.ids.ada } } });
    const id = world.orderIds.PLACED;
    expect((await ask({ ...persisted(idOf('Order')), variables: { id } })).body.data.order.status).toBe('PLACED');
    const get = new URLSearchParams({ extensions: JSON.stringify(persisted(idOf('Me')).extensions) }).toString();
    const ada = await enforced.as('ada', world.ids.ada);
    expect((await ada.get(`/graphql?${get}`)).body).toEqual({ data: { me: { id: world.ids.ada } } });
  });
  it('a listed mutation runs by POST only', async () => {
    const id = await world.makeOrder('PLACED');
    const parameters = { ...persisted(idOf('Cancel')), variables: { id } };
    const query = new URLSearchParams({
      extensions: JSON.stringify(parameters.extensions),
      variables: JSON.stringify(parameters.variables),
    }).toString();
    const ada = await enforced.as('ada', world.ids.ada);
    expect(outcome(await ada.get(`/graphql?${query}`))).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect((await ask(parameters)).body).toEqual({ data: { cancelOrder: { status: 'CANCELLED' } } });
  });
  it('a text that asks the same runs, and is known by its own hash from then on', async () => {
    const query = 'fragment Who on User { id __typename } query Me { me { __typename ...Who } }';
    expect(outcome(await ask(persisted(sha256(query))))).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
    const expected = { data: { me: { __typename: 'User', id: world.ids.ada } } };
    expect((await ask({ query, ...persisted(sha256(query)) })).body).toEqual(expected);
    expect((await ask(persisted(sha256(query)))).body).toEqual(expected);
    expect((await ask({ query })).body).toEqual(expected);
  });
  it.each([
    '{ me { id } }',
    'query Me { me { id email } }',
    'query Me { me { ...Who email } } fragment Who on User { id }',
    'query Order($id: ID!) { order(id: $id) { id status note } }',
    `${text} query More { me { email } }`,
    '{ __typename }',
    '{ __schema { queryType { name } } }',
    '{',
  ])('%s is refused before anything is read', async (query) => {
    await ask(persisted(idOf('Me')));
    const hash = persisted(sha256(query));
    const statements = await world.app.statements(async () => {
      for (const body of [{ query }, { query, ...hash }, { query, ...hash }]) {
        expect(outcome(await ask(body))).toEqual([403, 'QUERY_NOT_LISTED']);
        expect(outcome(await ask(body, enforced, 'application/json'))).toEqual([200, 'QUERY_NOT_LISTED']);
      }
      expect(outcome(await ask(hash))).toEqual([400, 'PERSISTED_QUERY_NOT_FOUND']);
    });
    expect(statements).toBe(0);
  });
  it('GraphiQL knows the schema from a file', async () => {
    expect((await enforced.anonymous.get('/graphiql')).text).toContain('data-schema="/graphiql/schema.json"');
    expect((await enforced.anonymous.get('/graphiql/schema.json')).status).toBe(200);
  });
});
it('that only reports, everything runs', async () => {
  for (const query of ['{ me { id email } }', '{ __schema { queryType { name } } }'])
    expect(outcome(await ask({ query }, reporting))).toEqual([200, undefined]);
  expect((await ask(persisted(idOf('Me')), reporting)).body).toEqual({ data: { me: { id: world.ids.ada } } });
});
it('a file that is no safelist stops the start', async () => {
  const file = join(folder, 'broken.json');
  writeFileSync(file, '{}');
  const { database, issuer } = world.app;
  await expect(TestApp.start({ database, issuer, env: { GRAPHQL_SAFELIST: file } })).rejects.toThrow(
    /GRAPHQL_SAFELIST names a file that is no apollo-persisted-query-manifest/,
  );
});
