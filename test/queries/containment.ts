import fc from 'fast-check';
import type { Actor } from '#libs/authz/actor.js';
import type { Excess, RulesByRole } from '#libs/authz/containment.js';
import { resourceOfSubject, type Rule } from '#libs/authz/rules.js';
import { holder } from './access-differences.js';
import type { AccessRows } from './access-subjects.js';
import { randomConditions, randomRoles } from './random-rules.js';
import { me } from './seeds.js';

type Row = AccessRows[string][number];
/** What somebody has, and what they would give. */
export interface Grant {
  readonly subject: string;
  readonly giver: Rule[][];
  readonly granted: Rule[][];
}
export type Check = (giver: RulesByRole, granted: RulesByRole) => Excess[];

/** What somebody has and what they would give: often their own rules, narrowed, widened or shuffled. */
const randomGrant = (rows: AccessRows) =>
  randomRoles(rows).chain(({ subject, roles }) => {
    const narrowed = (rule: Rule): fc.Arbitrary<Rule> =>
      rule.subject === 'all'
        ? fc.constant(rule)
        : fc.oneof(
            { weight: 3, arbitrary: fc.constant(rule) },
            {
              weight: 2,
              arbitrary: randomConditions(rows, subject).map((more) => ({
                ...rule,
                conditions: rule.conditions ? { $and: [rule.conditions, more] } : more,
              })),
            },
            { weight: 1, arbitrary: fc.constant({ ...rule, action: 'read' }) },
            { weight: 1, arbitrary: fc.constant({ ...rule, conditions: undefined }) },
            { weight: 1, arbitrary: fc.constant({ ...rule, inverted: !rule.inverted }) },
          );
    const of = (rules: readonly Rule[]) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(rules) },
        { weight: 1, arbitrary: fc.shuffledSubarray([...rules], { minLength: 1 }) },
      );
    const derived = fc
      .shuffledSubarray(roles, { minLength: 1 })
      .chain((some) =>
        fc.tuple(...some.map((rules) => of(rules).chain((kept) => fc.tuple(...kept.map((r) => narrowed(r)))))),
      );
    const other = randomRoles(rows).map((o) => o.roles);
    return fc
      .oneof({ weight: 5, arbitrary: derived }, { weight: 1, arbitrary: other })
      .map((granted): Grant => ({ subject, giver: roles, granted }));
  });

/** The row with some of what belongs to the one belonging to the other: every way to do that. */
function* exchanged(row: Row, from: string, to: string): Generator<Row> {
  const columns = Object.entries(row).flatMap(([name, value]) => (value === from ? [name] : []));
  for (let bits = 0; bits < 2 ** columns.length; bits++) {
    const change = Object.fromEntries(columns.filter((_, i) => bits & (1 << i)).map((name) => [name, to]));
    yield Object.assign(Object.create(Object.getPrototypeOf(row) as object) as Row, row, change);
  }
}
/** Something that the receiver may do and the giver may not, were what is the receiver's own the giver's own. */
function leak(rows: readonly Row[], subject: string, giver: Actor, receiver: Actor): string | undefined {
  const fields = resourceOfSubject(subject)!
    .restrictable()
    .map((f) => f.name);
  for (const row of rows)
    for (const action of ['read', 'update', 'delete'])
      for (const field of [undefined, ...fields])
        if (
          receiver.can(action, row, field) &&
          ![...exchanged(row, receiver.id!, giver.id!)].some((r) => giver.can(action, r, field))
        )
          return `${action} ${subject}${field ? `.${field}` : ''} ${JSON.stringify(row)}`;
  return undefined;
}
/** Somebody but `me` who owns rows of the subject, or is one of them. */
const receiverOf = (rows: readonly Row[]): string =>
  rows
    .flatMap((row) => Object.entries(row))
    .find(([name, value]) => /(^id|Id)$/.test(name) && typeof value === 'string' && value !== me)?.[1] as string;

/** Whenever the check lets something be given, nobody gets what the giver does not have. `counts` tells how often it does. */
export const containment = (rows: AccessRows, check: Check, counts = { given: 0, all: 0 }) =>
  fc.property(randomGrant(rows), ({ subject, giver, granted }) => {
    counts.all++;
    if (check(giver, granted).length > 0) return;
    counts.given++;
    for (const about of subject in rows ? [subject] : Object.keys(rows)) {
      const some = rows[about].filter((row, i) => row.id === me || i < 3 || i % 41 === 0);
      const found = leak(some, about, holder(me, giver), holder(receiverOf(some), granted));
      if (found) throw new Error(`given away: ${found}`);
    }
  });
