import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Roles } from '#libs/authz/roles.js';
import { Reads } from '#libs/database/reads.js';
import { allResources, type Resource } from '#libs/database/resource.js';
import { selectionOf } from '#libs/database/selection.js';
import type { TestClient } from '#libs/testing/clients.js';
import type { TestApp } from '#test/harness/test-app.js';
import { users } from '#src/users/users.resource.js';
import { adminId } from './seeds.js';
import { startLists } from './started.js';
import { graphqlPages, restPages, sortedIds, sortsOf, walk, type FetchPage } from './walk.js';

const each = 130;
const lists = [...allResources()].filter((r) => r.definition.subject);
let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  ({ app, admin } = await startLists(each));
});
afterAll(() => app.stop());

/** Pages from the compiled read itself: what both APIs come to. */
const compiledPages = (resource: Resource, sort: string, limit: number): FetchPage => {
  const reads = app.app.get(Reads);
  const actor = new Roles().actor(adminId, ['admin']);
  const selection = selectionOf(resource, ['id']);
  return async (after) => {
    const { page, next } = await reads.list(resource, actor, { selection, sort, limit, after: after ?? undefined });
    return { ids: page.items.map((item) => item.id as string), next };
  };
};
const maxPages = 200;

describe.each(lists.map((r) => [r.definition.plural, r] as const))('%s, page by page', (_name, resource) => {
  const { single, mixed } = sortsOf(resource);
  it.each([...single, ...mixed])('sorted by %s are the list that PostgreSQL sorts', async (sort) => {
    const all = await sortedIds(app.database, resource, sort);
    expect(all.length).toBeGreaterThanOrEqual(each);
    for (const limit of single.includes(sort) ? [1, 7, 100] : [7])
      expect(await walk(compiledPages(resource, sort, limit), { maxPages })).toEqual(all);
  });
  it.each(single)('sorted by %s are the same over both APIs', async (sort) => {
    const all = await sortedIds(app.database, resource, sort);
    const limits = resource.sorts.some((name) => resource.column(name).nullable) ? [7, 100] : [100];
    for (const limit of limits) {
      expect(await walk(restPages(admin, resource, sort, limit), { maxPages })).toEqual(all);
      expect(await walk(graphqlPages(admin, resource, sort, limit), { maxPages })).toEqual(all);
    }
  });
});

describe('a cursor', () => {
  const cursorOf = async (path: string) => (await admin.get(path)).body.page.next as string;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const read = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
  const answerTo = async (path: string, after: string): Promise<unknown[]> => {
    const { status, body } = await admin.get(
      `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`,
    );
    return [status, body.error?.code];
  };
  const refused = [400, 'CURSOR_INVALID'];
  it.each([
    ['of another sort', '/v1/users?sort=displayName', '/v1/users?sort=-displayName'],
    ['of the default sort', '/v1/users', '/v1/users?sort=displayName'],
    ['of another list with the same sort', '/v1/roles?sort=createdAt', '/v1/users?sort=createdAt'],
    ['of a list without the filter', '/v1/users', '/v1/users?status=ACTIVE'],
    ['of another filter', '/v1/users?status=ACTIVE', '/v1/users?status=SUSPENDED'],
    ['of another operator', '/v1/users?status=ACTIVE', '/v1/users?status[ne]=ACTIVE'],
  ])('%s is refused', async (_name, from, to) => {
    const after = await cursorOf(`${from}${from.includes('?') ? '&' : '?'}limit=1`);
    expect(await answerTo(to, after)).toEqual(refused);
    expect(await answerTo(from, after)).toEqual([200, undefined]);
  });
  it('may go on with another limit, other fields and over the other API', async () => {
    const after = await cursorOf('/v1/users?sort=-displayName&limit=3');
    const ids = (await sortedIds(app.database, users, '-displayName')).slice(3, 8);
    const { body } = await admin.get(`/v1/users?sort=-displayName&limit=5&fields=id,locale&after=${after}`);
    expect(body.data.map((row: { id: string }) => row.id)).toEqual(ids);
    expect(await graphqlPages(admin, users, '-displayName', 5)(after)).toMatchObject({ ids });
  });
  it('that nobody made is refused', async () => {
    const [scope, createdAt, id] = read(await cursorOf('/v1/users?sort=createdAt&limit=1'));
    const made: unknown[] = [
      {},
      null,
      [scope],
      [scope, createdAt],
      [scope, createdAt, id, id],
      [scope, id, createdAt],
      [scope, createdAt, null],
      [scope, '2026-02-31T00:00:00Z', id],
      [scope, [createdAt], [[]]],
      ['x', createdAt, id],
    ];
    for (const text of ['', 'x', '%00', 'ü', '[', encode('['.repeat(3000)), ...made.map(encode)])
      expect(await answerTo('/v1/users?sort=createdAt', text), text).toEqual(refused);
  });
});

describe('a limit', () => {
  it.each([
    ['0', 'MIN'],
    ['101', 'MAX'],
    ['100000', 'MAX'],
    ['abc', 'TYPE'],
    ['', 'TYPE'],
    ['-1', 'TYPE'],
    ['1.5', 'TYPE'],
    ['1e1', 'TYPE'],
  ])('of "%s" is refused, never cut down', async (limit, code) => {
    const { status, body } = await admin.get(`/v1/users?limit=${limit}`);
    expect([status, body.error.code, body.error.details]).toMatchObject([
      400,
      'VALIDATION_FAILED',
      [{ field: 'limit', code }],
    ]);
  });
  it('given twice is refused', async () => {
    const { status, body } = await admin.get('/v1/users?limit=1&limit=2');
    expect([status, body.error.details]).toMatchObject([400, [{ field: 'limit', code: 'REPEATED' }]]);
  });
  it.each([
    [0, 'MIN'],
    [101, 'MAX'],
    [-1, 'MIN'],
  ])('of %i is refused over GraphQL', async (first, code) => {
    const { errors } = await admin.graphql('query ($first: Int) { users(first: $first) { nodes { id } } }', { first });
    expect(errors[0].extensions).toMatchObject({ code: 'VALIDATION_FAILED', details: [{ code }] });
  });
  it('is 20 when nobody says, over both APIs', async () => {
    expect((await admin.get('/v1/users')).body).toMatchObject({
      page: { limit: 20, next: expect.any(String) },
      data: { length: 20 },
    });
    for (const first of [undefined, null]) {
      const { data } = await admin.graphql('query ($first: Int) { users(first: $first) { nodes { id } } }', { first });
      expect(data.users.nodes).toHaveLength(20);
    }
  });
});
