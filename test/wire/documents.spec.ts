import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';
import { startWorldOf } from '#test/harness/world.js';
import { afterRenamingTheCustomer } from './checks.js';

const origin = 'https://app.example.com';
let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests, { env: { CORS_ORIGINS: origin } });
});
afterAll(async () => {
  await world.app.stop();
});

const etagOf = async (path: string, headers?: Record<string, string>, who: keyof OrdersWorld['clients'] = 'ada') => {
  const answer = await world.clients[who].get(path, headers);
  expect(answer.status).toBe(200);
  return answer.headers.get('etag')!;
};
const statusOf = async (path: string, ifNoneMatch: string, who: keyof OrdersWorld['clients'] = 'ada') =>
  (await world.clients[who].get(path, { 'if-none-match': ifNoneMatch })).status;
const varyOf = (headers: Headers) =>
  (headers.get('vary') ?? '')
    .split(/\s*,\s*/)
    .map((name) => name.toLowerCase())
    .sort();

describe('If-None-Match', () => {
  const path = () => `/v1/orders/${world.orderIds.DELIVERED}`;
  it('with the tag of the copy at hand is answered with 304 and nothing else', async () => {
    const etag = await etagOf(path());
    expect(etag).toMatch(/^"\d+\.[\w-]{10}(-[\w-]{10})?"$/);
    for (const header of [etag, `W/${etag}`, `"1.x", ${etag}`, `"a" ,W/${etag}, "b"`, '*']) {
      const answer = await world.clients.ada.get(path(), { 'if-none-match': header });
      expect([answer.status, answer.text], header).toEqual([304, '']);
      expect(answer.headers.get('etag')).toBe(etag);
      expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    }
  });
  it('with another tag, or none that is one, is answered in full', async () => {
    const etag = await etagOf(path());
    for (const header of [
      '"1.x"',
      etag.slice(1, -1),
      `${etag}x`,
      '',
      ',',
      etag.toUpperCase() === etag ? '"x"' : etag.toUpperCase(),
    ])
      expect(await statusOf(path(), header), header).toBe(200);
  });
  it('works for HEAD too', async () => {
    const etag = await etagOf(path());
    const { status, headers } = await world.clients.ada.rest('HEAD', path(), { headers: { 'if-none-match': etag } });
    expect([status, headers.get('etag')]).toEqual([304, etag]);
  });
  it('knows fields, rights and languages from each other', async () => {
    const tags = [
      await etagOf(path()),
      await etagOf(`${path()}?fields=id`),
      await etagOf(`${path()}?fields=id,lines.name`),
      await etagOf(path(), { 'accept-language': 'de' }),
      await etagOf(path(), {}, 'support'),
    ];
    expect(new Set(tags).size).toBe(tags.length);
    expect(await etagOf(`${path()}?fields=version,id`)).toBe(await etagOf(`${path()}?fields=id,version`));
  });
  it('is not about what changes a document', async () => {
    const id = await world.makeOrder('DRAFT');
    const etag = await etagOf(`/v1/orders/${id}`);
    const answer = await world.clients.ada.patch(`/v1/orders/${id}`, { note: 'changed' }, { 'if-none-match': etag });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(await etagOf(`/v1/orders/${id}`));
    expect(answer.headers.get('etag')).not.toBe(etag);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('a document that shows another one', () => {
  it('changes its tag with the name of the customer, where it shows it', async () => {
    const path = `/v1/orders/${world.orderIds.SHIPPED}`;
    const { version } = (await world.clients.ada.get(path)).body;
    expect(await afterRenamingTheCustomer(world)).toEqual({ without: 304, showing: 200 });
    expect((await world.clients.ada.get(path)).body.version).toBe(version);
  });
  it('changes its tag with a product, and when the product cannot be seen any more', async () => {
    const productId = await world.makeProduct();
    const made = await world.clients.ada.post('/v1/orders', { lines: [{ productId, quantity: 1 }] });
    const path = `/v1/orders/${made.body.id}?fields=id,lines.product.name`;
    const first = await etagOf(path);
    expect((await world.clients.manager.patch(`/v1/products/${productId}`, { name: 'Renamed' })).status).toBe(200);
    const second = await etagOf(path);
    expect((await world.clients.manager.patch(`/v1/products/${productId}`, { status: 'ARCHIVED' })).status).toBe(200);
    const third = await etagOf(path);
    expect(new Set([first, second, third]).size).toBe(3);
    expect((await world.clients.ada.get(path)).body.lines).toEqual([{ product: null }]);
  });
  it('changes its tag with a row of a second list', async () => {
    const id = await world.makeOrder('PLACED');
    const path = `/v1/orders/${id}?fields=id,lines.sku,history.toStatus`;
    const before = await etagOf(path);
    await world.clients.support.post(`/v1/orders/${id}/confirm`);
    expect(await etagOf(path)).not.toBe(before);
  });
});

describe('If-Match', () => {
  const edit = (id: string, ifMatch: string) =>
    world.clients.ada.patch(`/v1/orders/${id}`, { note: `by ${ifMatch}` }, { 'if-match': ifMatch });
  it('compares versions only, whatever was shown to whom', async () => {
    const id = await world.makeOrder('DRAFT');
    const path = `/v1/orders/${id}`;
    const shapes = [
      () => etagOf(path),
      () => etagOf(path, {}, 'support'),
      () => etagOf(path, { 'accept-language': 'de' }),
      () => etagOf(`${path}?fields=id,customer.displayName,lines.product.name`),
      async () => `W/${await etagOf(path)}`,
      async () => `"1.x", ${await etagOf(path)}`,
      async () => `"${(await world.clients.ada.get(path)).body.version}"`,
      async () =>
        (await world.clients.ada.graphql('query ($id: ID!) { order(id: $id) { etag } }', { id })).data.order
          .etag as string,
      () => Promise.resolve('*'),
    ];
    for (const shape of shapes) {
      const ifMatch = await shape();
      const { status, body } = await edit(id, ifMatch);
      expect([status, body.note], ifMatch).toEqual([200, `by ${ifMatch}`]);
    }
  });
  it('with an older version is refused, and nothing changes', async () => {
    const id = await world.makeOrder('DRAFT');
    const stale = await etagOf(`/v1/orders/${id}`);
    expect((await edit(id, stale)).status).toBe(200);
    for (const ifMatch of [stale, `W/${stale}`, `${stale}, "99999"`, '"0"']) {
      const { status, body } = await edit(id, ifMatch);
      expect([status, body.error.code], ifMatch).toEqual([412, 'PRECONDITION_FAILED']);
    }
    expect((await world.clients.ada.get(`/v1/orders/${id}`)).body.note).toBe(`by ${stale}`);
  });
  it.each(['abc', '3', '"x"', '""', 'W/3', '"3', '"3".x', '"3" "4"', ',', '"3",', '"-1"', '"99999999999"'])(
    '%s is refused as no tag',
    async (ifMatch) => {
      const { status, body } = await edit(world.orderIds.DRAFT, ifMatch);
      expect([status, body.error]).toMatchObject([
        400,
        { code: 'VALIDATION_FAILED', details: [{ field: 'ifMatch', code: 'FORMAT' }] },
      ]);
    },
  );
  it('is looked at after it is known who may', async () => {
    const { ada, grace } = world.clients;
    const id = world.orderIds.PLACED;
    expect((await grace.patch(`/v1/orders/${id}`, { note: 'x' }, { 'if-match': '"99"' })).status).toBe(404);
    expect((await ada.post(`/v1/orders/${id}/confirm`, {}, { 'if-match': '"99"' })).status).toBe(403);
    const hidden = await ada.patch(`/v1/orders/${id}`, { internalNote: 'x' }, { 'if-match': '"99"' });
    expect(hidden.status).toBe(403);
    expect((await ada.post(`/v1/orders/${id}/place`, {}, { 'if-match': '"99"' })).status).toBe(412);
  });
  it('of a tag from REST works as an argument of GraphQL', async () => {
    const id = await world.makeOrder('DRAFT');
    const ifMatch = await etagOf(`/v1/orders/${id}`);
    const document =
      'mutation ($id: ID!, $ifMatch: String) { updateOrder(id: $id, ifMatch: $ifMatch, input: { note: "x" }) { etag } }';
    const { data } = await world.clients.ada.graphql(document, { id, ifMatch });
    expect(data.updateOrder.etag).toMatch(/^"\d+\.0"$/);
    expect((await world.clients.ada.graphql(document, { id, ifMatch })).code).toBe('PRECONDITION_FAILED');
    expect((await world.clients.ada.graphql(document, { id, ifMatch: 'abc' })).code).toBe('VALIDATION_FAILED');
  });
});

describe('fields', () => {
  const read = (fields: string, who: keyof OrdersWorld['clients'] = 'ada') =>
    world.clients[who].get(`/v1/orders/${world.orderIds.PLACED}?fields=${encodeURIComponent(fields)}`);
  it.each<[string, unknown]>([
    ['id', { id: expect.any(String) }],
    ['status,id,id', { id: expect.any(String), status: 'PLACED' }],
    ['total', { total: { amount: 500, currency: 'EUR' } }],
    ['lines.quantity', { lines: [{ quantity: 1 }, { quantity: 2 }] }],
    ['lines.product.category.name', { lines: [1, 2].map(() => ({ product: { category: { name: 'Things' } } })) }],
    [
      'history.toStatus,lines.position',
      { lines: [{ position: 1 }, { position: 2 }], history: [{ toStatus: 'PLACED' }] },
    ],
    ['customer.displayName', { customer: { displayName: expect.any(String) } }],
    [
      'customer',
      {
        customer: expect.objectContaining({
          id: expect.any(String),
          email: expect.any(String),
          preferences: expect.any(Object),
        }),
      },
    ],
    ['id,internalNote', { id: expect.any(String) }],
    ['customer.suspensionReason,customer.id', { customer: { id: expect.any(String) } }],
  ])('%s', async (fields, expected) => {
    expect((await read(fields)).body).toEqual(expected);
  });
  it('of somebody who may see less show less', async () => {
    expect((await read('customer', 'manager')).body.customer).not.toHaveProperty('preferences');
    expect((await read('internalNote', 'manager')).body.internalNote).toContain('canary-internal-note');
    expect((await read('id', 'grace')).status).toBe(404);
  });
  it.each([
    '',
    'id,',
    ',',
    ' id',
    'foo',
    'ID',
    'id.x',
    'total.amount',
    'lines.foo',
    'lines.',
    '.lines',
    'lines..sku',
    'lines.order.id',
    'customer.orders',
    'etag',
    '__proto__',
    'constructor',
    'lines.__proto__',
    'hasOwnProperty',
  ])('"%s" is refused, and it is said what there is', async (fields) => {
    const { status, body } = await read(fields);
    expect([status, body.error.code]).toEqual([400, 'FIELD_UNKNOWN']);
    expect(body.error.details).toMatchObject([{ field: 'fields', code: 'NOT_ALLOWED' }]);
    expect(body.error.message).toMatch(/id/);
  });
  it('are refused twice and beyond their bound', async () => {
    const path = `/v1/orders/${world.orderIds.PLACED}`;
    expect((await world.clients.ada.get(`${path}?fields=id&fields=status`)).status).toBe(400);
    expect((await read(`id${',id'.repeat(1000)}`)).body.error).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ code: 'MAX_LENGTH' }],
    });
    expect((await world.clients.ada.get(`${path}?field=id`)).body.error.code).toBe('FILTER_NOT_ALLOWED');
  });
  it('work in lists and in the answers of commands', async () => {
    const list = await world.clients.ada.get('/v1/orders?limit=2&fields=id,lines.sku');
    expect(list.body.data.map((row: object) => Object.keys(row))).toEqual([
      ['id', 'lines'],
      ['id', 'lines'],
    ]);
    const { body } = await world.clients.ada.post('/v1/orders?fields=status,version', {
      lines: [{ productId: world.productIds[0], quantity: 1 }],
    });
    expect(body).toEqual({ status: 'DRAFT', version: 1 });
  });
});

describe('what caches are told', () => {
  const kept = 'public, max-age=60, stale-while-revalidate=300';
  const publicVary = ['accept-encoding', 'authorization', 'origin'];
  const privateVary = ['accept-encoding', 'origin'];
  it.each(['/v1/products', '/v1/categories', 'product', 'category'])(
    'of %s: everybody’s without credentials, nobody’s with',
    async (what) => {
      const path =
        { product: `/v1/products/${world.productIds[0]}`, category: `/v1/categories/${world.categoryId}` }[what] ??
        what;
      const open = await world.clients.anonymous.get(path);
      expect([open.status, open.headers.get('cache-control'), varyOf(open.headers)]).toEqual([200, kept, publicVary]);
      const signedIn = await world.clients.grace.get(path);
      expect([signedIn.headers.get('cache-control'), varyOf(signedIn.headers)]).toEqual([
        'private, no-cache',
        publicVary,
      ]);
      const etag = open.headers.get('etag')!;
      const again = await world.clients.anonymous.get(path, { 'if-none-match': etag });
      expect([again.status, again.headers.get('cache-control'), varyOf(again.headers)]).toEqual([
        304,
        kept,
        publicVary,
      ]);
      // Managers see products that are not for sale, and so another document.
      if (path.includes('products')) expect(await statusOf(path, etag, 'manager')).toBe(200);
    },
  );
  it.each(['/v1/orders', '/v1/users/me', 'order'])(
    'of %s: kept by its reader only, and asked for again',
    async (what) => {
      const path = what === 'order' ? `/v1/orders/${world.orderIds.PLACED}` : what;
      const { headers } = await world.clients.ada.get(path);
      expect([headers.get('cache-control'), varyOf(headers)]).toEqual(['private, no-cache', privateVary]);
    },
  );
  it('of errors, commands and everything else: nothing is kept', async () => {
    const answers = [
      await world.clients.anonymous.get('/v1/products/00000000-0000-4000-8000-000000000000'),
      await world.clients.anonymous.get('/v1/products?sort=stock'),
      await world.clients.anonymous.get('/v1/orders'),
      await world.clients.anonymous.get('/nothing'),
      await world.clients.manager.patch(`/v1/products/${world.productIds[2]}`, { description: 'New' }),
      await world.clients.anonymous.graphql('{ products { nodes { id } } }'),
      await world.clients.anonymous.rest('GET', '/v1/products', { headers: { authorization: 'Bearer x' } }),
    ];
    expect(answers.map((a) => a.headers.get('cache-control'))).toEqual(answers.map(() => 'private, no-store'));
  });
  it('a list has a tag that changes with its rows, its count and what else it shows', async () => {
    const path = '/v1/products?fields=id,name,category.name&sort=name';
    const tags = [
      await etagOf(path, {}, 'anonymous'),
      await etagOf(`${path}&count=true`, {}, 'anonymous'),
      await etagOf(`${path}&limit=1`, {}, 'anonymous'),
    ];
    await world.clients.manager.patch(`/v1/products/${world.productIds[1]}`, { name: 'Thing, renamed' });
    tags.push(await etagOf(path, {}, 'anonymous'));
    await world.clients.manager.patch(`/v1/categories/${world.categoryId}`, { name: 'Things, renamed' });
    tags.push(await etagOf(path, {}, 'anonymous'));
    await world.makeProduct();
    tags.push(await etagOf(path, {}, 'anonymous'));
    expect(new Set(tags).size).toBe(tags.length);
    expect(await statusOf(path, tags.at(-1)!, 'anonymous')).toBe(304);
    await world.clients.manager.patch(`/v1/categories/${world.categoryId}`, { name: 'Things' });
  });
});

interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}
/** fetch would decode bodies and keep header fields of CORS to itself. */
const raw = (method: string, path: string, headers: Record<string, string>, body?: string) =>
  new Promise<Raw>((resolve, reject) => {
    request(world.app.url + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end(body);
  });

describe('compression', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('by %s keeps document and tag', async (coding, decode) => {
    const path = '/v1/products?limit=3';
    const plain = await raw('GET', path, {});
    const packed = await raw('GET', path, { 'accept-encoding': coding });
    expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, coding]);
    expect(plain.body.length).toBeGreaterThan(1024);
    expect(packed.body.length).toBeLessThan(plain.body.length);
    expect(decode(packed.body).equals(plain.body)).toBe(true);
    expect(packed.headers.etag).toBe(plain.headers.etag);
    const again = await raw('GET', path, { 'accept-encoding': coding, 'if-none-match': String(packed.headers.etag) });
    expect([again.status, again.body.length, again.headers['content-encoding']]).toEqual([304, 0, undefined]);
  });
  it('is for GraphQL too, and not for what is small', async () => {
    const body = JSON.stringify({
      query:
        '{ products(first: 3) { nodes { id sku name description attributes createdAt updatedAt categoryId etag category { id slug name } } } }',
    });
    const large = await raw(
      'POST',
      '/graphql',
      { 'accept-encoding': 'gzip', 'content-type': 'application/json' },
      body,
    );
    expect(large.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(large.body).toString()).data.products.nodes).toHaveLength(3);
    const small = await raw('GET', '/v1/products?limit=1&fields=id', { 'accept-encoding': 'gzip' });
    expect(small.headers['content-encoding']).toBeUndefined();
  });
});

describe('CORS', () => {
  const preflight = (path: string, method: string, from = origin) =>
    raw('OPTIONS', path, {
      origin: from,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,if-match,content-type',
    });
  it.each([
    ['/v1/orders', 'POST'],
    ['/v1/orders/1', 'PATCH'],
    ['/v1/orders/1/lines/2', 'PUT'],
    ['/v1/orders/1/lines/2', 'DELETE'],
    ['/graphql', 'POST'],
  ])('lets a page of ours ask for %s by %s', async (path, method) => {
    const { status, headers } = await preflight(path, method);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers['access-control-allow-methods']).toContain(method);
    expect(String(headers['access-control-allow-headers']).toLowerCase()).toMatch(
      /authorization.*content-type.*if-match/,
    );
    expect(varyOf(new Headers({ vary: String(headers.vary) }))).toContain('origin');
  });
  it('lets no page of others in', async () => {
    expect((await preflight('/v1/orders', 'POST', 'https://evil.example.com')).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
    const { status, headers } = await raw('GET', '/v1/products', { origin: 'https://evil.example.com' });
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
  it('lets a page of ours read the tag, the place and the errors', async () => {
    for (const path of ['/v1/products', '/v1/orders', '/graphql']) {
      const { headers } = await raw('GET', path, { origin });
      expect(headers['access-control-allow-origin'], path).toBe(origin);
      expect(String(headers['access-control-expose-headers']).split(', ')).toEqual(
        expect.arrayContaining(['ETag', 'Link', 'Location', 'Retry-After', 'X-Correlation-Id']),
      );
    }
  });
});
