import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excessOf } from '#libs/authz/containment.js';
import type { Rule } from '#libs/authz/rules.js';
import { loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { containment, type Check } from '#test/queries/containment.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

const positive = (rules: readonly Rule[]) => rules.filter((rule) => !rule.inverted);
const actionsOf = (rule: Rule) => [rule.action].flat();
/** A rule of the giver that is as wide by its words. */
const isAsWide = (rule: Rule, than: Rule) =>
  (rule.subject === 'all' || rule.subject === than.subject) &&
  actionsOf(than).every((a) => actionsOf(rule).includes('manage') || actionsOf(rule).includes(a)) &&
  (!rule.conditions || isDeepStrictEqual(rule.conditions, than.conditions)) &&
  (!rule.fields || (than.fields?.every((f) => rule.fields!.includes(f)) ?? false));
const byWords: Check = (giver, granted) =>
  granted.flatMap((rules, role) =>
    rules.flatMap((rule, at) =>
      rule.inverted || giver.flatMap(positive).some((mine) => isAsWide(mine, rule)) ? [] : [{ role, rule: at }],
    ),
  );

describe('the check that nobody gives more than they have fails', () => {
  it.each<[string, Check]>([
    ['when rules are compared and what takes back is not looked at', byWords],
    [
      'when what the receiver’s own roles take back counts, wherever it stands',
      (giver, granted) => {
        const first = (rules: readonly Rule[]) => [...positive(rules), ...rules.filter((r) => r.inverted)];
        return excessOf(giver, granted.map(first));
      },
    ],
    [
      'when the roles of the giver are one',
      (giver, granted) => excessOf([giver.flatMap((rules) => positive(rules))], granted),
    ],
    [
      'when own is one and the same for everybody',
      (giver, granted) => {
        const named = (rules: readonly Rule[]) =>
          JSON.parse(JSON.stringify(rules).replaceAll('${actor.id}', '00000000-0000-7000-8000-000000000000')) as Rule[];
        return excessOf(giver.map(named), granted.map(named));
      },
    ],
    [
      'when fields are forgotten',
      (giver, granted) => {
        const whole = (rules: readonly Rule[]) => rules.map((rule) => ({ ...rule, fields: undefined }));
        return excessOf(giver.map(whole), granted.map(whole));
      },
    ],
  ])('%s', { timeout: 60_000 }, (_name, check) => {
    const result = fc.check(containment(rows, check), { seed: 1, numRuns: 20_000, endOnFailure: true });
    expect(result.failed).toBe(true);
    expect(String(result.errorInstance)).toContain('given away');
  });
});
