import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { excessOf } from '#libs/authz/containment.js';
import { loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { containment } from '#test/queries/containment.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

const seed = Math.trunc(Math.random() * 2 ** 31);
it(`what may be given, the giver has, seed ${seed}`, { timeout: 900_000 }, () => {
  const counts = { given: 0, all: 0 };
  fc.assert(containment(rows, excessOf, counts), { seed, numRuns: 10_000 });
  expect(counts.given).toBeGreaterThan(1000);
});
