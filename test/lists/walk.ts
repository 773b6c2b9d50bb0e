import { expect } from 'vitest';
import { enumCase, typeName } from '#libs/contract/names.js';
import { parseSort } from '#libs/database/compiler.js';
import type { Resource } from '#libs/database/resource.js';
import type { TestClient } from '#libs/testing/clients.js';
import type { TestDatabase } from '#libs/testing/database.js';

export interface IdPage {
  readonly ids: string[];
  readonly next: string | null;
}
export type FetchPage = (after: string | null) => Promise<IdPage>;

/** Pages of a list over REST. */
export const restPages =
  (client: TestClient, resource: Resource, sort: string, limit: number): FetchPage =>
  async (after) => {
    const query = new URLSearchParams({ fields: 'id', sort, limit: String(limit), ...(after !== null && { after }) });
    const { status, body } = await client.get(`/v1/${resource.path}?${query.toString()}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return { ids: (body.data as { id: string }[]).map((row) => row.id), next: body.page.next as string | null };
  };
/** Pages of the same list over GraphQL. */
export const graphqlPages =
  (client: TestClient, resource: Resource, sort: string, first: number): FetchPage =>
  async (after) => {
    const { plural, name } = { ...resource.definition };
    const document = `query ($first: Int, $after: String, $sort: [${typeName(name)}Sort!]) {
      list: ${plural}(first: $first, after: $after, sort: $sort) { nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } } }`;
    const keys = parseSort(sort).map((k) => ({ field: enumCase(k.name), direction: k.desc ? 'DESC' : 'ASC' }));
    const { data, errors } = await client.graphql(document, { first, after, sort: keys });
    expect(errors).toEqual([]);
    const { nodes, edges, pageInfo } = data.list;
    expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
    return {
      ids: (nodes as { id: string }[]).map((row) => row.id),
      next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    };
  };
/** All ids of the list, page by page; stops with an error where a list does not come to its end. */
export async function walk(
  fetchPage: FetchPage,
  options: { maxPages: number; between?: () => Promise<void> },
): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  for (let page = 1; ; page++) {
    if (page > options.maxPages) throw new Error('the list has no end');
    const { ids: more, next }: IdPage = await fetchPage(after);
    ids.push(...more);
    if (next === null) return ids;
    after = next;
    await options.between?.();
  }
}
/** The ids of the whole list as PostgreSQL sorts them: ties by id, in the direction of the last key. */
export async function sortedIds(database: TestDatabase, resource: Resource, sort: string): Promise<string[]> {
  const keys = parseSort(sort);
  if (!keys.some((k) => k.name === 'id')) keys.push({ name: 'id', desc: keys.at(-1)!.desc });
  const order = keys.map((k) => `${resource.column(k.name).sql}${k.desc ? ' desc' : ''}`).join(', ');
  const alive = resource.softDeleted ? 'where deleted_at is null' : '';
  const rows = await database.sql<{ id: string }>(`select id from ${resource.table} ${alive} order by ${order}`);
  return rows.map((row) => row.id);
}
/** Every declared sort in both directions, and every pair of them in all four. */
export function sortsOf({ sorts }: Resource): { single: string[]; mixed: string[] } {
  const both = (name: string) => [name, `-${name}`];
  const single = ['id', ...sorts].flatMap(both);
  const mixed = sorts.flatMap((a) =>
    [...sorts, 'id'].filter((b) => b !== a).flatMap((b) => both(a).flatMap((x) => both(b).map((y) => `${x},${y}`))),
  );
  return { single, mixed };
}
