import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excessOf } from '#libs/authz/containment.js';
import type { Rule } from '#libs/authz/rules.js';
import { loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { containment, type Check, type Grant } from '#test/queries/containment.js';
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

const read = (more: Partial<Rule> = {}): Rule => ({ action: 'read', subject: 'User', ...more });
const grant = (giver: Rule[][], granted: Rule[]): Grant => ({ subject: 'User', giver, granted: [granted] });
const notOwn = { id: { $ne: '${actor.id}' } };

describe('the check that nobody gives more than they have fails', () => {
  it.each<[string, Check, Grant]>([
    [
      'when rules are compared and what takes back is not looked at',
      byWords,
      grant([[read(), read({ conditions: { status: 'ACTIVE' }, inverted: true })]], [read()]),
    ],
    [
      'when what the receiver’s own roles take back counts, wherever it stands',
      (giver, granted) => {
        const first = (rules: readonly Rule[]) => [...positive(rules), ...rules.filter((r) => r.inverted)];
        return excessOf(giver, granted.map(first));
      },
      grant([[read(), read({ inverted: true })]], [read({ inverted: true }), read()]),
    ],
    [
      'when the roles of the giver are one',
      (giver, granted) => excessOf([giver.flatMap((rules) => positive(rules))], granted),
      grant([[read(), read({ inverted: true })]], [read()]),
    ],
    [
      'when own is one and the same for everybody',
      (giver, granted) => {
        const named = (rules: readonly Rule[]) =>
          JSON.parse(JSON.stringify(rules).replaceAll('${actor.id}', '00000000-0000-7000-8000-000000000000')) as Rule[];
        return excessOf(giver.map(named), granted.map(named));
      },
      grant([[read({ conditions: notOwn })]], [read({ conditions: notOwn })]),
    ],
    [
      'when fields are forgotten',
      (giver, granted) => {
        const whole = (rules: readonly Rule[]) => rules.map((rule) => ({ ...rule, fields: undefined }));
        return excessOf(giver.map(whole), granted.map(whole));
      },
      grant([[read({ fields: ['email'] })]], [read()]),
    ],
  ])('%s', (_name, check, given) => {
    // Shrinking what is written by hand says nothing new and takes long.
    const options = { numRuns: 1, examples: [[given]] as [Grant][], endOnFailure: true };
    expect(fc.check(containment(rows, excessOf), options).failed).toBe(false);
    const result = fc.check(containment(rows, check), options);
    expect(result.failed).toBe(true);
    expect(String(result.errorInstance)).toContain('given away');
  });
});
