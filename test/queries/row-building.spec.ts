import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadRows } from './access-differences.js';
import { seedAccessRows, type AccessRows } from './access-subjects.js';
import { openDatabase, type Opened } from './opened.js';
import { declaredKinds, sameItems } from './row-building.js';

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

const seed = Math.trunc(Math.random() * 2 ** 31);
it(`compiled rows are the plain ones for random selections and rights, seed ${seed}`, { timeout: 60_000 }, async () => {
  const met = new Set<string>();
  await expect(fc.assert(sameItems(opened, rows, met), { seed, numRuns: 150 })).resolves.toBeUndefined();
  expect([...met].sort()).toEqual(declaredKinds());
  expect(met.size).toBeGreaterThan(2);
});
