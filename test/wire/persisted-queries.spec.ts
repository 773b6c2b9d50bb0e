import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PersistedQueries, sha256 } from '#libs/graphql/persisted-queries.js';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';
import { startWorldOf } from '#test/harness/world.js';

let world: OrdersWorld;
let stored: PersistedQueries;
beforeAll(async () => {
  world = await startWorldOf(ordersTests);
  stored = world.app.app.get(PersistedQueries, { strict: false });
});
afterAll(() => world.app.stop());

interface Asked {
  query?: string;
  variables?: object;
  operationName?: string;
  extensions?: unknown;
}
const persisted = (hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash: hash } });
const post = (body: Asked) => world.clients.ada.post('/graphql', body);
const get = ({ query, variables, operationName, extensions }: Asked) => {
  const parameters = new URLSearchParams();
  if (query !== undefined) parameters.set('query', query);
  if (operationName !== undefined) parameters.set('operationName', operationName);
  for (const [name, value] of Object.entries({ variables, extensions }))
    if (value !== undefined) parameters.set(name, JSON.stringify(value));
  return world.clients.ada.get(`/graphql?${parameters.toString()}`);
};
const outcome = ({ status, body }: { status: number; body: any }) => [status, body.errors?.[0]?.extensions?.code];
const notFound = [400, 'PERSISTED_QUERY_NOT_FOUND'];
/** No other test asks the same. */
const unique = (() => {
  let n = 0;
  return (asked = 'id') => `query q${++n}($id: ID!) { order(id: $id) { ${asked} } }`;
})();

describe.each([
  ['POST', post],
  ['GET', get],
])('over %s', (_method, ask) => {
  it('a document is asked for once and then known by its hash', async () => {
    const query = unique();
    const variables = { id: world.orderIds.PLACED };
    const extensions = persisted(sha256(query));
    const miss = await ask({ variables, extensions });
    expect(outcome(miss)).toEqual(notFound);
    expect(miss.body.errors[0].message).toBe('PersistedQueryNotFound');
    expect((await ask({ query, variables, extensions })).body).toEqual({ data: { order: { id: variables.id } } });
    for (let i = 0; i < 6; i++)
      expect((await ask({ variables, extensions })).body).toEqual({ data: { order: { id: variables.id } } });
    const upper = persisted(sha256(query).toUpperCase());
    expect((await ask({ variables, extensions: upper })).status).toBe(200);
  });
  it('a text under the hash of another is refused, and neither is stored', async () => {
    const [query, other] = [unique(), unique('status')];
    const wrong = await ask({ query: other, extensions: persisted(sha256(query)) });
    expect(outcome(wrong)).toEqual([400, 'PERSISTED_QUERY_MISMATCH']);
    for (const hash of [sha256(query), sha256(other)])
      expect(outcome(await ask({ extensions: persisted(hash) }))).toEqual(notFound);
  });
  it('only what parses, fits the schema and stays within the limits is stored', async () => {
    const before = stored.size;
    for (const [query, code] of [
      ['query unfinished {', 'GRAPHQL_INVALID'],
      ['{ persistedNothing }', 'GRAPHQL_INVALID'],
      [
        '{ orders(first: 100) { nodes { customer { orders(first: 99) { nodes { id note status } } } } } }',
        'QUERY_TOO_COMPLEX',
      ],
      [`{ ${'me { id } '.repeat(600)} }`, 'GRAPHQL_INVALID'],
    ] as const) {
      const extensions = persisted(sha256(query));
      expect(outcome(await ask({ query, extensions })), query).toEqual([400, code]);
      expect(outcome(await ask({ extensions }))).toEqual(notFound);
    }
    expect(stored.size).toEqual(before);
  });
  it.each<[string, unknown, string]>([
    ['version 2', persisted('x', 2), 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ['a version that is a text', persisted('x', '1'), 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ['no version', { persistedQuery: { sha256Hash: 'x' } }, 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ['no hash', { persistedQuery: { version: 1 } }, 'VALIDATION_FAILED'],
    ['a number for a hash', persisted(1), 'VALIDATION_FAILED'],
    ['a text', { persistedQuery: 'x' }, 'VALIDATION_FAILED'],
    ['a list', { persistedQuery: [] }, 'VALIDATION_FAILED'],
    ['the hash of nothing', persisted('__proto__'), 'PERSISTED_QUERY_NOT_FOUND'],
    ['nothing', { persistedQuery: null }, 'VALIDATION_FAILED'],
    ['extensions that nobody knows', { clientLibrary: { name: 'x' } }, 'VALIDATION_FAILED'],
  ])('%s is refused', async (_name, extensions, code) => {
    expect(outcome(await ask({ extensions }))).toEqual([400, code]);
  });
  it('what else is in extensions does not matter', async () => {
    const query = '{ me { id } }';
    const extensions = { ...persisted(sha256(query)), clientLibrary: { name: '@apollo/client' } };
    expect((await ask({ query, extensions })).status).toBe(200);
    expect((await ask({ extensions })).body).toEqual({ data: { me: { id: world.ids.ada } } });
  });
});

it('the version that is not supported says which one is, with the text that clients look for', async () => {
  const { body } = await post({ extensions: persisted('x', 2) });
  expect(body.errors[0]).toMatchObject({
    message: 'PersistedQueryNotSupported',
    extensions: { details: [{ field: 'extensions.persistedQuery.version', code: 'NOT_ALLOWED' }] },
  });
});
it('a mutation is known by its hash to POST only', async () => {
  const id = await world.makeOrder('PLACED');
  const query = `mutation cancel($id: ID!) { cancelOrder(id: $id) { status } }`;
  const asked = { variables: { id }, extensions: persisted(sha256(query)) };
  expect((await post({ query, ...asked, variables: { id: 'x' } })).status).toBe(200);
  expect(outcome(await get(asked))).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(outcome(await get({ query, ...asked }))).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect((await world.clients.ada.get(`/v1/orders/${id}`)).body.status).toBe('PLACED');
  expect((await post(asked)).body).toEqual({ data: { cancelOrder: { status: 'CANCELLED' } } });
});
it('one who learned a hash sees with it what he may see anyway', async () => {
  const query = unique('id internalNote');
  const asked = { variables: { id: world.orderIds.PLACED }, extensions: persisted(sha256(query)) };
  await world.clients.support.post('/graphql', { query, ...asked });
  expect((await post(asked)).body.extensions.hidden).toEqual([['order', 'internalNote']]);
  expect((await world.clients.grace.post('/graphql', asked)).body.errors[0].extensions.code).toBe('ORDER_NOT_FOUND');
  expect((await world.app.anonymous.post('/graphql', asked)).body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
});
it('however many documents are sent, few are kept, and all are answered', async () => {
  const text = (i: number) => `query many${i} { me { ${'id '.repeat(300)} } }`;
  for (let i = 0; i < 1100; i++) stored.store(sha256(text(i)), text(i));
  expect(stored.size.documents).toBe(1000);
  const first = persisted(sha256(text(0)));
  expect(outcome(await post({ extensions: first }))).toEqual(notFound);
  expect((await post({ query: text(0), extensions: first })).status).toBe(200);
  expect((await post({ extensions: first })).status).toBe(200);
});
it('a miss sends no statement', async () => {
  await world.clients.ada.graphql('{ me { id } }');
  expect(await world.app.statements(() => post({ extensions: persisted('f'.repeat(64)) }))).toBe(0);
});
