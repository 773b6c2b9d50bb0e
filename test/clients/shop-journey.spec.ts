import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { parse, type DocumentNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenApiDocument } from '../../libs/http/docs/openapi-document.js';
import { GeneratedCode } from './generated-code.js';
import { Prism, StartedService } from './started-service.js';

interface Told {
  id: string;
  topic: string;
  isRead: boolean;
  data: Record<string, unknown>;
}
/** A shop's app, whatever it is built with. */
interface Shop {
  products(): Promise<{ id: string; name: string; stock: number }[]>;
  draft(productId: string): Promise<{ id: string; status: string }>;
  place(id: string): Promise<{ status: string }>;
  order(id: string): Promise<{ status: string; lines: { productId: string; quantity: number }[] }>;
  cancel(id: string, reason: string): Promise<{ status: string }>;
  unread(): Promise<Told[]>;
  read(id: string): Promise<{ isRead: boolean }>;
  notification(id: string): Promise<{ isRead: boolean }>;
}
type MakeRestShop = (baseUrl: string, token: string, through: typeof fetch) => Shop;

const openapiFetchShop = `import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';

function given<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined) throw new Error(response.status + ' ' + JSON.stringify(error));
  return data;
}
export function shop(baseUrl: string, token: string, through: typeof fetch) {
  const client = createClient<paths>({ baseUrl, fetch: through, headers: { authorization: 'Bearer ' + token } });
  const path = (id: string) => ({ params: { path: { id } } });
  return {
    products: async () =>
      given(await client.GET('/v1/products', { params: { query: { status: 'ACTIVE', 'stock[gt]': 9, limit: 5 } } })).data,
    draft: async (productId: string) =>
      given(await client.POST('/v1/orders', { body: { lines: [{ productId, quantity: 2 }] } })),
    place: async (id: string) => given(await client.POST('/v1/orders/{id}/place', path(id))),
    order: async (id: string) => given(await client.GET('/v1/orders/{id}', path(id))),
    cancel: async (id: string, reason: string) =>
      given(await client.POST('/v1/orders/{id}/cancel', { ...path(id), body: { reason } })),
    unread: async () =>
      given(await client.GET('/v1/notifications', { params: { query: { isRead: false, limit: 10 } } })).data,
    read: async (id: string) => given(await client.POST('/v1/notifications/{id}/read', path(id))),
    notification: async (id: string) => given(await client.GET('/v1/notifications/{id}', path(id))),
  };
}
`;
const generatedSdkShop = `import { createClient, createConfig } from './client/client/index.js';
import * as sdk from './client/sdk.gen.js';

export function shop(baseUrl: string, token: string, through: typeof fetch) {
  const client = createClient(createConfig({ baseUrl, fetch: through, auth: () => token }));
  const options = { client, throwOnError: true } as const;
  const at = (id: string) => ({ ...options, path: { id } });
  return {
    products: async () =>
      (await sdk.listProducts({ ...options, query: { status: 'ACTIVE', 'stock[gt]': 9, limit: 5 } })).data.data,
    draft: async (productId: string) =>
      (await sdk.createOrder({ ...options, body: { lines: [{ productId, quantity: 2 }] } })).data,
    place: async (id: string) => (await sdk.placeOrder(at(id))).data,
    order: async (id: string) => (await sdk.getOrder(at(id))).data,
    cancel: async (id: string, reason: string) => (await sdk.cancelOrder({ ...at(id), body: { reason } })).data,
    unread: async () => (await sdk.listNotifications({ ...options, query: { isRead: false, limit: 10 } })).data.data,
    read: async (id: string) => (await sdk.readNotification(at(id))).data,
    notification: async (id: string) => (await sdk.getNotification(at(id))).data,
  };
}
`;

type Execute = (document: DocumentNode, variables: Record<string, unknown>) => Promise<any>;
const documents = {
  products: parse(`query Products {
    products(first: 5, filter: { status: { eq: ACTIVE }, stock: { gt: 9 } }) { nodes { id name stock } }
  }`),
  draft: parse(`mutation Draft($productId: ID!) {
    createOrder(input: { lines: [{ productId: $productId, quantity: 2 }] }) { id status }
  }`),
  place: parse(`mutation Place($id: ID!) { placeOrder(id: $id) { id status } }`),
  order: parse(`query Order($id: ID!) { order(id: $id) { id status lines { productId quantity } } }`),
  cancel: parse(`mutation Cancel($id: ID!, $reason: String!) {
    cancelOrder(id: $id, input: { reason: $reason }) { id status }
  }`),
  unread: parse(`query Unread {
    notifications(first: 10, filter: { isRead: { eq: false } }) { nodes { id topic isRead data } }
  }`),
  read: parse(`mutation Read($id: ID!) { readNotification(id: $id) { id isRead } }`),
  notification: parse(`query Notification($id: ID!) { notification(id: $id) { id isRead } }`),
};
function graphqlShop(query: Execute, mutate: Execute): Shop {
  return {
    products: async () => (await query(documents.products, {})).products.nodes,
    draft: async (productId) => (await mutate(documents.draft, { productId })).createOrder,
    place: async (id) => (await mutate(documents.place, { id })).placeOrder,
    order: async (id) => (await query(documents.order, { id })).order,
    cancel: async (id, reason) => (await mutate(documents.cancel, { id, reason })).cancelOrder,
    unread: async () => (await query(documents.unread, {})).notifications.nodes,
    read: async (id) => (await mutate(documents.read, { id })).readNotification,
    notification: async (id) => (await query(documents.notification, { id })).notification,
  };
}
function urqlShop(url: string, token: string): Shop {
  const client = new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    exchanges: [persistedExchange({ preferGetForPersistedQueries: true, enableForMutation: true }), fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  });
  const given = ({ data, error }: { data?: unknown; error?: Error }) => {
    if (error) throw error;
    return data;
  };
  return graphqlShop(
    async (document, variables) => given(await client.query(document, variables).toPromise()),
    async (document, variables) => given(await client.mutation(document, variables).toPromise()),
  );
}
function apolloShop(url: string, token: string): Shop {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(
      new HttpLink({ uri: `${url}/graphql`, headers: { authorization: `Bearer ${token}` } }),
    ),
    defaultOptions: { query: { fetchPolicy: 'network-only' } },
  });
  return graphqlShop(
    async (query, variables) => (await client.query({ query, variables })).data,
    async (mutation, variables) => (await client.mutate({ mutation, variables })).data,
  );
}

const code = new GeneratedCode('shop-journey');
let service: StartedService;
let prism: Prism;
let ada: string;
const shops: Record<string, Shop> = {};
const makers: Record<string, MakeRestShop> = {};

beforeAll(async () => {
  service = await StartedService.start();
  ada = await service.token('ada@tandem.example');
  code.write('openapi.json', await (await fetch(`${service.url}/openapi/v1.json`)).text());
  await Promise.all([code.types(), code.sdk()]);
  code.write('openapi-fetch-shop.ts', openapiFetchShop);
  code.write('generated-sdk-shop.ts', generatedSdkShop);
  prism = await Prism.start(code.document, service.url);
  for (const name of ['openapi-fetch', 'generated-sdk']) {
    const program = (await import(join(code.folder, `${name}-shop.ts`))) as { shop: MakeRestShop };
    makers[name] = program.shop;
    shops[name] = program.shop(prism.url!, ada, prism.fetch);
  }
  shops.urql = urqlShop(service.url, ada);
  shops.apollo = apolloShop(service.url, ada);
}, 240_000);
afterAll(async () => {
  await prism?.stop();
  await service?.stop();
  code.remove();
});

it('the programs on what was generated compile', async () => {
  expect(await code.compile('openapi-fetch-shop.ts', 'generated-sdk-shop.ts')).toBe('');
});

describe.each([
  ['openapi-fetch', 'urql'],
  ['generated-sdk', 'apollo'],
  ['urql', 'generated-sdk'],
  ['apollo', 'openapi-fetch'],
])('a customer with %s, who also has %s', (one, other) => {
  it('browses, orders, calls it off and reads what they were told of it', async () => {
    const [shop, otherShop] = [shops[one]!, shops[other]!];
    const products = await shop.products();
    expect(products.length).toBeGreaterThan(0);
    for (const { stock } of products) expect(stock).toBeGreaterThan(9);
    const { id: productId } = products[0]!;

    const { id, status } = await shop.draft(productId);
    expect(status).toBe('DRAFT');
    expect(await otherShop.order(id)).toMatchObject({ status: 'DRAFT', lines: [{ productId, quantity: 2 }] });
    expect((await shop.place(id)).status).toBe('PLACED');
    expect((await otherShop.order(id)).status).toBe('PLACED');
    expect((await shop.cancel(id, 'Ordered twice')).status).toBe('CANCELLED');
    expect((await otherShop.order(id)).status).toBe('CANCELLED');

    const about = (told: Told[]) => told.filter(({ data }) => data.orderId === id);
    const told = about(await shop.unread());
    expect(told.map(({ topic }) => topic)).toEqual(['order.cancelled', 'order.placed']);
    const notificationId = told[0]!.id;
    expect((await shop.read(notificationId)).isRead).toBe(true);
    expect((await otherShop.notification(notificationId)).isRead).toBe(true);
    expect(about(await otherShop.unread()).map(({ topic }) => topic)).toEqual(['order.placed']);
  });
});

it('keeps to its OpenAPI document on all of these ways', () => {
  expect(service.trouble).toEqual([]);
  // Six steps of each customer, and five looks of each who has another app too.
  expect(prism.statuses).toHaveLength(22);
  expect(prism.violations).toEqual([]);
  expect(prism.statuses.filter((status) => status >= 300)).toEqual([]);
  expect(prism.log).not.toMatch(/violation|terminated with error/i);
});

it('keeps to it when it refuses, too', async () => {
  const before = prism.statuses.length;
  const shop = shops['openapi-fetch']!;
  const [product] = await shop.products();
  const { id } = await shop.draft(product!.id);
  await shop.cancel(id, 'Only looking');
  await expect(shop.place(id)).rejects.toThrow(/^409 /);
  await expect(shop.order(randomUUID())).rejects.toThrow(/^404 /);
  await expect(shop.draft(randomUUID())).rejects.toThrow(/^4\d\d /);
  const stranger = makers['openapi-fetch']!(prism.url!, 'no token', prism.fetch);
  await expect(stranger.unread()).rejects.toThrow(/^401 /);
  expect(prism.statuses.slice(before)).toHaveLength(7);
  expect(prism.violations).toEqual([]);
});

it('control: Prism sees an answer that is not as a document says', async () => {
  const document = JSON.parse(await (await fetch(`${service.url}/openapi/v1.json`)).text()) as OpenApiDocument;
  const order = document.components.schemas!.Order as { properties: Record<string, object> };
  order.properties.createdAt = { type: 'integer' };
  code.write('sabotaged.json', JSON.stringify(document));
  const watching = await Prism.start(join(code.folder, 'sabotaged.json'), service.url);
  try {
    const shop = makers['openapi-fetch']!(watching.url!, ada, watching.fetch);
    const [product] = await shop.products();
    expect(watching.violations).toEqual([]);
    await expect(shop.draft(product!.id)).rejects.toThrow(/VIOLATIONS/);
    expect(watching.violations.join()).toContain('createdAt');
  } finally {
    await watching.stop();
  }
});
