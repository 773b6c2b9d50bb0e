import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Conditions from '#libs/database/conditions.js';
import { Reads } from '#libs/database/reads.js';
import type * as Rights from '#libs/authz/rights.js';
import { agreement, loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';

const sabotage = vi.hoisted(() => ({
  sql: (text: string) => text,
  rights: (rights: ReturnType<typeof Rights.rightsOf>) => rights,
}));
vi.mock('#libs/database/conditions.js', async (original) => {
  const real = await original<typeof Conditions>();
  return {
    ...real,
    conditionSql: (...args: Parameters<typeof real.conditionSql>) => sabotage.sql(real.conditionSql(...args)),
  };
});
vi.mock('#libs/authz/rights.js', async (original) => {
  const real = await original<typeof Rights>();
  return { ...real, rightsOf: (...args: Parameters<typeof real.rightsOf>) => sabotage.rights(real.rightsOf(...args)) };
});

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

describe('the check that SQL and can agree fails', () => {
  it.each<[string, Partial<typeof sabotage>]>([
    ['when NOT has three values', { sql: (text) => text.replaceAll(' IS NOT TRUE', ' IS FALSE') }],
    ['when null is not different from a value', { sql: (text) => text.replaceAll(' IS DISTINCT FROM ', ' <> ') }],
    ['when bounds are left out', { sql: (text) => text.replaceAll(/ ([<>])= /g, ' $1 ') }],
    [
      'when nothing allowed becomes everything',
      { rights: (r) => ({ ...r, rows: r.rows ?? { ...r.rows!, key: 'and()' }, everything: r.everything || !r.rows }) },
    ],
    [
      'when fields are shown with their rows',
      { rights: (r) => ({ ...r, fields: new Map([...r.fields.keys()].map((f) => [f, true])) }) },
    ],
  ])('%s', { timeout: 60_000 }, async (_name, change) => {
    const real = { ...sabotage };
    Object.assign(sabotage, change);
    // What was compiled before is right, or wrong in another way.
    const reads = new Reads(opened.statements);
    const result = await fc.check(agreement({ ...opened, reads }, rows), {
      seed: 1,
      numRuns: 1000,
      endOnFailure: true,
    });
    Object.assign(sabotage, real);
    expect(result.failed).toBe(true);
    expect(String(result.errorInstance)).toMatch(/SQL says|by a filter/);
  });
});
