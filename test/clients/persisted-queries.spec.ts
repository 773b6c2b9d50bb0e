import { createHash } from 'node:crypto';
import { ApolloClient, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange, gql as urqlGql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ordersTests } from '../domains/orders/orders.tests.js';
import type { OrdersWorld } from '../domains/orders/world.js';
import { startWorldOf } from '../harness/world.js';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests);
});
afterAll(() => world.app.stop());

interface Sent {
  method: string;
  status: number;
  hasQuery: boolean;
  type: string | null;
  cacheControl: string | null;
}
const sent: Sent[] = [];
beforeEach(() => void (sent.length = 0));
/** The `fetch` of a client, which notes what goes over the wire. */
const noting: typeof fetch = async (input, init) => {
  const url = new URL(input as string);
  const answer = await fetch(input, init);
  const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as object) : {};
  sent.push({
    method: init?.method ?? 'GET',
    status: answer.status,
    hasQuery: 'query' in body || url.searchParams.has('query'),
    type: answer.headers.get('content-type'),
    cacheControl: answer.headers.get('cache-control'),
  });
  return answer;
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const url = () => `${world.app.url}/graphql`;
const authorization = async () => `Bearer ${await world.app.issuer.token(world.ids.ada)}`;

describe('Apollo Client', () => {
  const client = async (options: { useGETForHashedQueries?: boolean } = {}) =>
    new ApolloClient({
      cache: new InMemoryCache(),
      link: new PersistedQueryLink({ sha256, ...options }).concat(
        new HttpLink({ uri: url(), fetch: noting, headers: { authorization: await authorization() } }),
      ),
      defaultOptions: { query: { fetchPolicy: 'network-only' } },
    });

  it('sends a document once, over POST', async () => {
    const apollo = await client();
    const query = apolloGql`query ApolloOrder($id: ID!) { order(id: $id) { id lines { sku } } }`;
    const { PLACED, DRAFT } = world.orderIds;
    for (const id of [PLACED, DRAFT])
      expect((await apollo.query({ query, variables: { id } })).data).toMatchObject({
        order: { __typename: 'Order', id },
      });
    expect(sent.map(({ method, status, hasQuery }) => [method, status, hasQuery])).toEqual([
      ['POST', 400, false],
      ['POST', 200, true],
      ['POST', 200, false],
    ]);
    for (const { type } of sent) expect(type).toBe('application/graphql-response+json; charset=utf-8');
  });
  it('reads over GET by hash, and changes over POST', async () => {
    const apollo = await client({ useGETForHashedQueries: true });
    const query = apolloGql`query ApolloMe { me { id } }`;
    for (let i = 0; i < 2; i++)
      expect((await apollo.query({ query })).data).toMatchObject({ me: { id: world.ids.ada } });
    const mutation = apolloGql`mutation ApolloNote($id: ID!, $input: UpdateOrderInput!) { updateOrder(id: $id, input: $input) { note } }`;
    const variables = { id: world.orderIds.DRAFT, input: { note: 'by Apollo' } };
    expect((await apollo.mutate({ mutation, variables })).data).toMatchObject({ updateOrder: { note: 'by Apollo' } });
    expect(sent.map(({ method, hasQuery }) => [method, hasQuery])).toEqual([
      ['GET', false],
      ['POST', true],
      ['GET', false],
      ['POST', false],
      ['POST', true],
    ]);
  });
  it('gets errors of a field beside data, and those of a document as what they are', async () => {
    const apollo = await client();
    const query = apolloGql`query ApolloNone($id: ID!) { order(id: $id) { id } me { id } }`;
    const partly = await apollo.query({ query, variables: { id: 'x' }, errorPolicy: 'all' });
    expect(partly.data).toMatchObject({ order: null, me: { id: world.ids.ada } });
    expect(partly.error).toMatchObject({ errors: [{ extensions: { code: 'ORDER_NOT_FOUND' }, path: ['order'] }] });
    const wrong = apollo.query({ query: apolloGql`query ApolloWrong { nothing }` });
    await expect(wrong).rejects.toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_INVALID' } }] });
  });
});

describe('urql', () => {
  const client = async (preferGetForPersistedQueries: boolean | 'force' = true) => {
    const headers = { authorization: await authorization() };
    return new Client({
      url: url(),
      preferGetMethod: false,
      exchanges: [persistedExchange({ preferGetForPersistedQueries, enableForMutation: true }), fetchExchange],
      fetch: noting,
      fetchOptions: { headers },
    });
  };
  it.each([true, 'force'] as const)('sends a document once, over GET: %s', async (prefer) => {
    const urql = await client(prefer);
    const query = urqlGql(`query Urql_${String(prefer)}($id: ID!) { order(id: $id) { id status } }`);
    for (const id of [world.orderIds.PLACED, world.orderIds.SHIPPED])
      expect((await urql.query(query, { id }).toPromise()).data.order.id).toBe(id);
    expect(sent.map(({ method, status, hasQuery }) => [method, status, hasQuery])).toEqual([
      ['GET', 400, false],
      ['GET', 200, true],
      ['GET', 200, false],
    ]);
  });
  it('changes over POST', async () => {
    const urql = await client();
    const document = urqlGql`mutation UrqlNote($id: ID!, $input: UpdateOrderInput!) { updateOrder(id: $id, input: $input) { note } }`;
    for (const note of ['one', 'two']) {
      const { data } = await urql.mutation(document, { id: world.orderIds.DRAFT, input: { note } }).toPromise();
      expect(data.updateOrder.note).toBe(note);
    }
    expect(sent.map(({ method, hasQuery }) => [method, hasQuery])).toEqual([
      ['POST', false],
      ['POST', true],
      ['POST', false],
    ]);
  });
});
