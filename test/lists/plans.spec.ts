import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allResources } from '#libs/database/resource.js';
import { domains } from '#test/domains/domains.js';
import { LargeLists, mostRows } from './rows-looked-at.js';
import { sortsOf } from './walk.js';

const { admin } = LargeLists;
let large: LargeLists;
beforeAll(async () => {
  large = await LargeLists.open();
});
afterAll(() => large.close());

/** Lists of a handful of rows: sorting all of them costs less than an index for it. */
const handful = new Set(domains.flatMap((domain) => domain.shortLists ?? []));
const sorts = [...allResources()]
  .filter((r) => r.definition.subject)
  .flatMap((resource) => sortsOf(resource).single.map((sort) => ({ resource, sort, key: sort.replace('-', '') })))
  .map((s) => ({ ...s, list: `${s.resource.definition.plural} by ${s.key}` }));

describe('a page anywhere in a list looks at its own rows only', () => {
  it.each(sorts.filter((s) => !handful.has(s.list)))('$resource.definition.plural sorted by $sort', async (s) => {
    const { resource, sort, key } = s;
    const { nullable, sql } = resource.column(key);
    for (const where of nullable ? [`${sql} is null`, `${sql} is not null`] : ['true'])
      for (const part of [0, 0.5, 1]) {
        const after = await large.cursorAt(resource, admin, { sort }, part, where);
        const rows = await large.rowsLookedAt(resource, admin, { sort, after });
        expect(Math.max(...rows), `${where} at ${part}`).toBeLessThanOrEqual(mostRows);
      }
    expect(Math.max(...(await large.rowsLookedAt(resource, admin, { sort })))).toBeLessThanOrEqual(mostRows);
  });
});
