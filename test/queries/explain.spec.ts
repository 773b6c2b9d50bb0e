import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { judged, placed, type JudgedRule } from '#libs/authz/explain.js';
import { resourceOfSubject, type Rule } from '#libs/authz/rules.js';
import { selectionOf } from '#libs/database/selection.js';
import { holderOf, loadRows } from './access-differences.js';
import { seedAccessRows, type AccessRows } from './access-subjects.js';
import { openDatabase, type Opened } from './opened.js';
import { randomRoles } from './random-rules.js';
import { me } from './seeds.js';

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

type Explain = (...args: Parameters<typeof judged>) => JudgedRule[];
/** What is explained is what the service does: what `can` says of rows and fields, and what SQL selects. */
const explained = (explain: Explain) =>
  fc.asyncProperty(randomRoles(rows), async ({ subject, roles }) => {
    const actor = holderOf(...roles);
    const resource = resourceOfSubject(subject)!;
    const { personal } = resource.definition;
    const fields = resource.restrictable().map((f) => f.name);
    const gives = (action: string, row?: object, field?: string) =>
      roles
        .flatMap((rules: Rule[], i) => explain(placed(`role-${i}`, rules), { action, subject, row, field }, me))
        .some(({ verdict }) => verdict === 'GIVES');
    const selection = selectionOf(resource, ['id']);
    const { items } = await opened.reads.page({
      resource,
      access: actor,
      selection,
      sort: [{ name: 'id', desc: false }],
    });
    const selected = new Set(items.map((item) => item.id as string));
    for (const row of rows[subject].filter((r, i) => i % 53 === 0 && !r.deletedAt)) {
      if (personal !== undefined && (row as unknown as Record<string, unknown>)[personal] !== me) continue;
      expect(gives('read', row)).toBe(selected.has(row.id));
      for (const action of ['read', 'update'])
        for (const field of [undefined, ...fields])
          expect(gives(action, row, field)).toBe(actor.can(action, row, field));
    }
    for (const action of ['read', 'update']) expect(gives(action)).toBe(actor.mayEver(action, subject));
  });

const seed = Math.trunc(Math.random() * 2 ** 31);
it(`what is explained is what is done, seed ${seed}`, { timeout: 60_000 }, async () => {
  await expect(fc.assert(explained(judged), { seed, numRuns: 60 })).resolves.toBeUndefined();
});
it(
  'and an explanation that forgets what is taken back, or asks in another order, would be noticed',
  { timeout: 60_000 },
  async () => {
    const shut: Explain = (placedRules, question, id) =>
      judged(
        placedRules.filter(({ rule }) => !rule.inverted),
        question,
        id,
      );
    const reversed: Explain = (placedRules, question, id) => judged([...placedRules].reverse(), question, id);
    for (const wrong of [shut, reversed])
      expect((await fc.check(explained(wrong), { seed: 1, numRuns: 300, endOnFailure: true })).failed).toBe(true);
  },
);
