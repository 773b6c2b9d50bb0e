import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';
import { startWorldOf } from '#test/harness/world.js';
import { confusedOperations, operations } from './checks.js';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests);
});
afterAll(() => world.app.stop());

/** Mercurius compiles a document when it comes again, so what holds must hold for all of these. */
const times = Array.from({ length: 6 }, (_, i) => i);
const post = (body: unknown, headers?: Record<string, string>) => world.clients.ada.post('/graphql', body, headers);
const get = (query: Record<string, string>) =>
  world.clients.ada.get(`/graphql?${new URLSearchParams(query).toString()}`);
const codeOf = (answer: { status: number; body: any }) => [answer.status, answer.body?.errors?.[0]?.extensions?.code];

describe('a document', () => {
  const query = 'query ($id: ID!) { order(id: $id) { id status } }';
  it('is answered over GET as over POST', async () => {
    const variables = { id: world.orderIds.PLACED };
    const expected = { data: { order: { id: variables.id, status: 'PLACED' } } };
    for (const _ of times) {
      expect((await post({ query, variables })).body).toEqual(expected);
      expect((await get({ query, variables: JSON.stringify(variables) })).body).toEqual(expected);
    }
  });
  it('that was compiled for one caller and value is right for others', async () => {
    const document = 'query ($id: ID!) { order(id: $id) { id internalNote customer { email suspensionReason } } }';
    const ids = Object.values(world.orderIds);
    for (const [i, id] of [...ids, ...ids].entries()) {
      const asAda = await world.clients.ada.graphql(document, { id });
      expect(asAda.data.order).toMatchObject({ id, internalNote: null, customer: { suspensionReason: null } });
      expect(asAda.body.extensions.hidden).toEqual([
        ['order', 'internalNote'],
        ['order', 'customer', 'suspensionReason'],
      ]);
      const asSupport = await world.clients.support.graphql(document, { id });
      expect(asSupport.data.order.internalNote).toContain('canary-internal-note');
      expect(asSupport.body.extensions, `run ${i}`).toBeUndefined();
      expect((await world.clients.grace.graphql(document, { id })).code).toBe('ORDER_NOT_FOUND');
    }
  });
  it('names what is hidden by where it stands, also in lists', async () => {
    const document =
      '{ orders(first: 2, sort: [{ field: ID }]) { nodes { internalNote customer { suspensionReason } } } }';
    const hidden = [0, 1].flatMap((i) => [
      ['orders', 'nodes', i, 'internalNote'],
      ['orders', 'nodes', i, 'customer', 'suspensionReason'],
    ]);
    for (const _ of times) {
      const { body } = await world.clients.ada.graphql(document);
      expect(body.errors).toBeUndefined();
      expect(body.extensions.hidden).toHaveLength(hidden.length);
      expect(body.extensions.hidden).toEqual(expect.arrayContaining(hidden));
    }
  });
  it('names what is hidden by its alias, from fragments, in pages of children and after a change', async () => {
    const document = `mutation ($id: ID!, $input: UpdateOrderInput!) {
      changed: updateOrder(id: $id, input: $input) { ...Notes who: customer { why: suspensionReason orders(first: 2) {
        nodes { ...Notes } edges { node { ... on Order { secret: internalNote } } } } } }
    }
    fragment Notes on Order { note secret: internalNote ...More }
    fragment More on Order { again: internalNote }`;
    const rows = [0, 1].flatMap((i) => [
      ['nodes', i, 'secret'],
      ['nodes', i, 'again'],
      ['edges', i, 'node', 'secret'],
    ]);
    const hidden = [['secret'], ['again'], ['who', 'why'], ...rows.map((path) => ['who', 'orders', ...path])];
    const id = world.orderIds.DRAFT;
    for (const i of times) {
      const { body, errors } = await world.clients.ada.graphql(document, { id, input: { note: `run ${i}` } });
      expect(errors).toEqual([]);
      const paths = hidden.map((path) => ['changed', ...path]);
      expect(body.extensions.hidden).toHaveLength(paths.length);
      expect(body.extensions.hidden).toEqual(expect.arrayContaining(paths));
      const at = (path: (string | number)[]) => path.reduce((value: any, key) => value[key], body.data);
      for (const path of paths) expect(at(path), path.join('.')).toBeNull();
      expect(body.data.changed.note).toBe(`run ${i}`);
    }
  });
  it('has an empty list where the caller may read none of the rows, and what is around it', async () => {
    const nobody = await world.app.as('nobody', await world.makeUser({ roles: [] }));
    for (const _ of times) {
      const { data, errors } = await nobody.graphql(
        '{ me { id orders { nodes { id } totalCount pageInfo { hasNextPage } } } }',
      );
      expect(errors).toEqual([]);
      expect(data.me.orders).toEqual({ nodes: [], totalCount: 0, pageInfo: { hasNextPage: false } });
    }
    expect((await nobody.graphql('{ orders { nodes { id } } }')).code).toBe('FORBIDDEN');
  });
  it('calls an argument what the schema calls it', async () => {
    for (const document of [
      '{ orders(first: 101) { nodes { id } } }',
      '{ me { orders(first: 101) { nodes { id } } } }',
    ])
      expect((await world.clients.ada.graphql(document)).errors[0].extensions.details).toMatchObject([
        { field: 'first', code: 'MAX' },
      ]);
  });
  it('reads what directives, aliases and fragments come to, each time anew', async () => {
    const document = `query ($id: ID!, $all: Boolean!) {
      one: order(id: $id) { ...Lines status @include(if: $all) } two: order(id: $id) { lines { sku } ... @skip(if: $all) { version } }
      page: orders(first: 1) { nodes { id } edges { node { status } cursor } ... on OrderConnection { totalCount @include(if: $all) } }
      other: orders(first: 2, filter: { status: { eq: DRAFT } }) { nodes { lines { position } } }
    }
    fragment Lines on Order { first: lines { sku } second: lines { quantity product @include(if: $all) { name } } }`;
    const id = world.orderIds.PLACED;
    for (const i of times) {
      const all = i % 2 === 0;
      const { data, errors } = await world.clients.ada.graphql(document, { id, all });
      expect(errors).toEqual([]);
      expect(data.one).toEqual({
        first: [{ sku: 'SKU-1' }, { sku: 'SKU-2' }],
        second: [1, 2].map((n) => ({ quantity: n, ...(all && { product: { name: `Thing number ${n}` } }) })),
        ...(all && { status: 'PLACED' }),
      });
      expect(data.two).toEqual({
        lines: [{ sku: 'SKU-1' }, { sku: 'SKU-2' }],
        ...(!all && { version: expect.any(Number) }),
      });
      const [node] = data.page.nodes;
      expect(data.page).toEqual({
        nodes: [{ id: expect.any(String) }],
        edges: [{ node: { status: expect.any(String) }, cursor: expect.any(String) }],
        ...(all && { totalCount: 7 }),
      });
      expect(Object.values(world.orderIds)).toContain(node.id);
      expect(data.other.nodes).toEqual([{ lines: [{ position: 1 }, { position: 2 }] }]);
    }
  });
  it('tells the same of wrong variables however often it comes', async () => {
    const document = 'mutation ($input: CreateOrderInput!) { createOrder(input: $input) { id } }';
    const input = { lines: [{ productId: world.productIds[0], quantity: 0, price: 1 }], ownerId: 'x' };
    const answers: { status: number; code: string; details: unknown }[] = [];
    for (const _ of times) {
      const { status, errors } = await world.clients.ada.graphql(document, { input });
      answers.push({ status, code: errors[0].extensions.code, details: errors[0].extensions.details });
    }
    expect(answers[0].code).toBe('VALIDATION_FAILED');
    expect(answers).toEqual(times.map(() => answers[0]));
  });
  it('says where in a list an error is, with numbers', async () => {
    const document = '{ orders(first: 2) { nodes { customer { orders(first: 101) { nodes { id } } } } } }';
    for (const _ of times) {
      const { errors, data } = await world.clients.ada.graphql(document);
      expect(errors.map((e) => e.path)).toEqual([0, 1].map((i) => ['orders', 'nodes', i, 'customer', 'orders']));
      expect(data).not.toBeNull();
    }
  });
});

describe('a document of several operations', () => {
  const query = operations;
  it('does what its name says, however often, over POST and GET', async () => {
    expect(await confusedOperations(world, times.length)).toEqual([]);
    const id = world.orderIds.DRAFT;
    expect((await world.clients.ada.get(`/v1/orders/${id}`)).body.note).toBe(`round ${times.length - 1}`);
    for (const _ of times) {
      const { body } = await get({ query, operationName: 'one', variables: JSON.stringify({ id }) });
      expect(body).toEqual({ data: { order: { id } } });
    }
  });
  it.each([undefined, null, '', 'none'])('is refused with the name %s', async (operationName) => {
    for (const _ of times) {
      for (const variables of [undefined, { id: world.orderIds.DRAFT, first: 1 }])
        expect(codeOf(await post({ query, operationName, variables }))).toEqual([400, 'GRAPHQL_INVALID']);
      const inUrl: Record<string, string> = typeof operationName === 'string' ? { operationName } : {};
      expect(codeOf(await get({ query, ...inUrl }))).toEqual([400, 'GRAPHQL_INVALID']);
    }
  });
  it('that has one operation is refused with another name', async () => {
    for (const _ of times)
      expect(codeOf(await post({ query: 'query a { me { id } }', operationName: 'b' }))).toEqual([
        400,
        'GRAPHQL_INVALID',
      ]);
  });
});

describe('over GET', () => {
  it('nothing is changed', async () => {
    const id = world.orderIds.PLACED;
    const query = `mutation { cancelOrder(id: "${id}") { id } }`;
    for (const operation of [query, `query a { me { id } } ${query.replace('mutation', 'mutation b')}`]) {
      const { status, body } = await get({ query: operation, operationName: operation === query ? '' : 'b' });
      expect([status, body.errors[0].extensions.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    }
    const { status, headers } = await world.clients.ada.rest('HEAD', `/graphql?query=${encodeURIComponent(query)}`);
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    expect((await world.clients.ada.get(`/v1/orders/${id}`)).body.status).toBe('PLACED');
  });
  it.each<[string, Record<string, string>]>([
    ['no query', {}],
    ['an empty query', { query: '' }],
    ['variables that are no JSON', { query: '{ me { id } }', variables: '{' }],
    ['variables that are no object', { query: '{ me { id } }', variables: '[1]' }],
  ])('%s is refused', async (_name, query) => {
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/"code":"(GRAPHQL_INVALID|VALIDATION_FAILED|MALFORMED_REQUEST)"/);
  });
});

describe('a body', () => {
  it.each([
    ['without a query', {}],
    ['with an empty query', { query: '' }],
    ['with null for a query', { query: null }],
    ['that is a list', [{ query: '{ me { id } }' }]],
    ['that is a text', '{ me { id } }'],
    ['with variables that are a list', { query: '{ me { id } }', variables: [] }],
    ['with variables that are a text', { query: '{ me { id } }', variables: '{}' }],
  ])('%s is refused', async (_name, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/"code":"(GRAPHQL_INVALID|VALIDATION_FAILED|MALFORMED_REQUEST)"/);
  });
  it.each([
    '{}',
    '[]',
    'null',
    'true',
    '1',
    '"me"',
    '{"kind":"Document"}',
    '{"kind":"Document","definitions":[]}',
    ' \n{ "kind": "Document", "definitions": [null] }',
    '[[[[]]]]',
    '{"definitions":{"length":1}}',
  ])('whose document is the JSON %s is refused like any other that is not GraphQL', async (query) => {
    for (const _ of times.slice(0, 2)) expect(codeOf(await post({ query }))).toEqual([400, 'GRAPHQL_INVALID']);
  });
  it.each([
    ['null for what is optional', { operationName: null, variables: null, extensions: null }],
    ['extensions that nobody knows', { extensions: { tracing: { on: true } } }],
    ['members that nobody knows', { id: 'x' }],
  ])('may have %s', async (_name, more) => {
    expect((await post({ query: '{ me { id } }', ...more })).body).toEqual({ data: { me: { id: world.ids.ada } } });
  });
  it('is JSON', async () => {
    for (const type of ['application/graphql', 'text/plain', 'application/x-www-form-urlencoded']) {
      const response = await fetch(`${world.app.url}/graphql`, {
        method: 'POST',
        body: '{ me { id } }',
        headers: { 'content-type': type },
      });
      expect(response.status, type).toBe(415);
    }
  });
});

describe('an answer', () => {
  it('says nothing of names that exist', async () => {
    for (const query of [
      '{ ordrs { nodes { id } } }',
      '{ me { emial } }',
      '{ orders(frist: 1) { nodes { id } } }',
      '{ orders(sort: [{ field: PLACD_AT }]) { nodes { id } } }',
    ]) {
      const { status, body, text } = await post({ query });
      expect([status, body.errors[0].extensions.code]).toEqual([400, 'GRAPHQL_INVALID']);
      expect(text).not.toMatch(/did you mean/i);
    }
  });
  it('is never kept by anybody', async () => {
    for (const query of ['{ me { id } }', '{ products { nodes { id } } }', '{ nothing }'])
      for (const { headers } of [await post({ query }), await get({ query })])
        expect(headers.get('cache-control')).toBe('private, no-store');
  });
  it('of an error has the code, the text in the language of the client and the correlation id', async () => {
    const query = '{ order(id: "x") { id } }';
    const { body, headers } = await post({ query }, { 'accept-language': 'de', 'x-correlation-id': 'graphql-1' });
    expect(headers.get('x-correlation-id')).toBe('graphql-1');
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining('Bestellung'),
      path: ['order'],
      extensions: { code: 'ORDER_NOT_FOUND', correlationId: 'graphql-1' },
    });
    expect((await post({ query }, { 'accept-language': 'fr' })).body.errors[0].message).toContain('order');
  });
});
describe('introspection', () => {
  it('is not answered where it is switched off', async () => {
    const { database, issuer } = world.app;
    const { TestApp } = await import('#test/harness/test-app.js');
    const closed = await TestApp.start({ database, issuer, env: { GRAPHQL_INTROSPECTION: 'false' } });
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "User") { name } }'])
      expect(codeOf(await closed.anonymous.post('/graphql', { query }))).toEqual([400, 'GRAPHQL_INVALID']);
    expect((await closed.anonymous.graphql('{ __typename products { __typename } }')).data).toEqual({
      __typename: 'Query',
      products: { __typename: 'ProductConnection' },
    });
    await closed.stop();
  });
  it('does not answer itself without end', async () => {
    const deep = (levels: number): string => (levels ? `fields { type { ${deep(levels - 1)} } }` : 'name');
    expect(codeOf(await post({ query: `{ __schema { types { ${deep(5)} } } }` }))).toEqual([400, 'GRAPHQL_INVALID']);
  });
});
