import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaTypeOf } from '#libs/graphql/media-type.js';
import { startWorld, type World } from '#test/harness/world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.app.stop());

const graphql = 'application/graphql-response+json';
const json = 'application/json';
const post = (accept: string, body: unknown) => world.clients.ada.post('/graphql', body, { accept });

describe('the media type', () => {
  it.each([
    [undefined, json],
    ['*/*', json],
    ['application/*', json],
    ['text/html', json],
    [json, json],
    [graphql, graphql],
    [`${json}, ${graphql}`, graphql],
    [`${graphql},${json};q=0.9`, graphql],
    [`${graphql};q=0.5, ${json}`, json],
    [`${graphql};q=0.5, */*;q=0.8`, json],
    [`${graphql};q=0`, json],
    [`${graphql};q=x`, json],
    [`${graphql}, application/graphql+json, ${json}, text/event-stream, multipart/mixed`, graphql],
  ])('for Accept: %s is %s', (accept, type) => expect(mediaTypeOf(accept)).toBe(type));

  it.each([graphql, json, '*/*'])('is said of every answer: %s', async (accept) => {
    const url = `${world.app.url}/graphql`;
    const headers = { accept, 'content-type': 'application/json' };
    const answers = [
      await post(accept, { query: '{ me { id } }' }),
      await post(accept, { query: '{ me { id } order(id: "x") { id } }' }),
      await post(accept, { query: '{' }),
      await post(accept, {}),
      await world.clients.ada.get('/graphql?query={__typename}', { accept }),
      await fetch(url, { method: 'POST', headers, body: '{' }),
      await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body: '{' }),
    ];
    for (const { headers: sent } of answers) {
      expect(sent.get('content-type')).toBe(`${accept === graphql ? graphql : json}; charset=utf-8`);
      expect(sent.get('vary')?.toLowerCase().split(/, */)).toContain('accept');
    }
  });
});

describe('the status', () => {
  const deep = '{ orders(first: 100) { nodes { customer { orders(first: 100) { nodes { id note status } } } } } }';
  const documents: [string, object, string][] = [
    ['a document that does not parse', { query: '{' }, 'GRAPHQL_INVALID'],
    ['a document that does not fit the schema', { query: '{ nothing }' }, 'GRAPHQL_INVALID'],
    ['variables that do not fit', { query: 'query ($id: ID!) { order(id: $id) { id } }' }, 'VALIDATION_FAILED'],
    ['an operation that is not there', { query: 'query a { me { id } }', operationName: 'b' }, 'GRAPHQL_INVALID'],
    ['a document that goes too far', { query: deep }, 'QUERY_TOO_COMPLEX'],
  ];
  it.each(documents)('of %s is 400, in JSON 200, and there is no data', async (_name, body, code) => {
    // Compiled documents have an error path of their own.
    for (let i = 0; i < 5; i++)
      for (const [accept, status] of [
        [graphql, 400],
        [json, 200],
        ['*/*', 200],
      ] as const) {
        const answer = await post(accept, body);
        expect([answer.status, answer.body.errors[0].extensions.code], accept).toEqual([status, code]);
        expect(answer.body).not.toHaveProperty('data');
      }
  });
  it.each<[string, object]>([
    ['no document', {}],
    ['a document that is a number', { query: 1 }],
    ['variables that are a list', { query: '{ me { id } }', variables: [] }],
    ['extensions that are a text', { query: '{ me { id } }', extensions: 'x' }],
  ])('of %s is 400 in any media type', async (_name, body) => {
    for (const accept of [graphql, json]) expect((await post(accept, body)).status).toBe(400);
  });
  it('of what was executed is 200, whatever became of its fields', async () => {
    for (const accept of [graphql, json])
      for (const query of ['{ order(id: "x") { id } }', 'mutation { cancelOrder(id: "x") { id } }']) {
        const { status, body } = await post(accept, { query });
        expect(status).toBe(200);
        expect(body.data).not.toBeUndefined();
      }
    const { status, body } = await world.app.anonymous.graphql('{ me { id } products(first: 1) { nodes { id } } }');
    expect([status, body.errors[0].extensions.code]).toEqual([200, 'UNAUTHENTICATED']);
    expect(body.data.products.nodes).toHaveLength(1);
  });
});
