import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type * as Builder from '#libs/database/row-builder.js';
import { loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';
import { sameItems } from '#test/queries/row-building.js';

type Node = Parameters<typeof Builder.rowBuilder>[0];
let sabotage: (node: Node) => Node;
vi.mock('#libs/database/row-builder.js', async (original) => {
  const { rowBuilder } = await original<typeof Builder>();
  return { rowBuilder: (node: Node, nullHidden: boolean) => rowBuilder(sabotage(node), nullHidden) };
});

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

it.each<[string, (node: Node) => Node]>([
  ['a guarded field is shown in every row', (n) => ({ ...n, guarded: n.guarded.map(([f, v]) => [f, v, n.key]) })],
  ['forbidden fields are not named', (n) => ({ ...n, forbidden: [] })],
  ['two columns change places', (n) => ({ ...n, fields: n.fields.map(([f], i) => [f, n.fields.at(-1 - i)![1]]) })],
  ['an embedded value is left out', (n) => ({ ...n, embedded: n.embedded.slice(1) })],
  ['a referenced row is left out', (n) => ({ ...n, ones: n.ones.slice(1) })],
])('compiled rows are not the plain ones when %s', { timeout: 60_000 }, async (_name, change) => {
  sabotage = change;
  await expect(fc.assert(sameItems(opened, rows), { numRuns: 150 })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('instead of') },
  });
});
