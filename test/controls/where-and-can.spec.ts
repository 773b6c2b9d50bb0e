import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as conditions from '#libs/database/conditions.js';
import { Reads } from '#libs/database/reads.js';
import * as rights from '#libs/authz/rights.js';
import { agreement, loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';

const { conditionSql } = conditions;
const { rightsOf } = rights;
type Rights = ReturnType<typeof rightsOf>;
interface Sabotage {
  readonly sql: (text: string) => string;
  readonly rights: (given: Rights) => Rights;
}
afterEach(() => vi.restoreAllMocks());

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

describe('the check that SQL and can agree fails', () => {
  it.each<[string, Partial<Sabotage>]>([
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
    const { sql, rights: given } = change;
    if (sql) vi.spyOn(conditions, 'conditionSql').mockImplementation((...args) => sql(conditionSql(...args)));
    if (given) vi.spyOn(rights, 'rightsOf').mockImplementation((...args) => given(rightsOf(...args)));
    // What was compiled before is right, or wrong in another way.
    const reads = new Reads(opened.statements);
    const result = await fc.check(agreement({ ...opened, reads }, rows), {
      seed: 1,
      numRuns: 1000,
      endOnFailure: true,
    });
    expect(result.failed).toBe(true);
    expect(String(result.errorInstance)).toMatch(/SQL says|by a filter/);
  });
});
