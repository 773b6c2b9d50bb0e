import { comparisonsIn, excludes, formulaOf, implies, own, type Formula, type Holders } from './rule-conditions.js';
import type { Rule } from './rules.js';

/** Rules by role: roles add up, and an inverted rule takes back what its own role gives. */
export type RulesByRole = readonly (readonly Rule[])[];
/** A rule, by its place, that gives what its giver does not have. */
export interface Excess {
  readonly role: number;
  readonly rule: number;
}

/**
 * Those of the granted rules by which a receiver might do what the giver may not: another action, another field, or a row
 * that is closed to the giver. What `${actor.id}` stands for is each holder's own: who may do something to what is their
 * own may let others do it to theirs, but nobody hands on a right to "all but my own", which is another set of rows for
 * each holder. The check errs on one side: where it is silent there is no such row, and rules that it cannot compare it
 * names. `beside` is what the receiver has anyway.
 */
export function excessOf(giver: RulesByRole, granted: RulesByRole, beside: RulesByRole = []): Excess[] {
  const having = [
    ...giver.map((rules): Having => ({ rules: rules.map(analysed), same: false })),
    ...beside.map((rules): Having => ({ rules: rules.map(analysed), same: true })),
  ];
  return granted.flatMap((rules, role) => {
    const giving = rules.map(analysed);
    return giving.flatMap((rule, at) => (rule.inverted || isCovered(giving, at, having) ? [] : [{ role, rule: at }]));
  });
}

/** Rules of one role, of the giver or of the receiver. */
interface Having {
  readonly rules: readonly Analysed[];
  readonly same: boolean;
}
interface Analysed {
  readonly actions: readonly string[];
  readonly subject: string;
  readonly fields?: readonly string[];
  readonly inverted: boolean;
  readonly formula: Formula;
}
const analysed = (rule: Rule): Analysed => ({
  actions: [rule.action].flat(),
  subject: rule.subject,
  fields: rule.fields,
  inverted: rule.inverted ?? false,
  formula: formulaOf(rule),
});
/** The part of a rule about one action and one field, or all of them, on some rows: what is given or not as a whole. */
interface Part {
  readonly action: string;
  readonly subject: string;
  readonly field?: string;
  readonly rows: Formula;
}
function partsOf({ actions, subject, fields, formula }: Analysed): Part[] {
  const alternatives = alternativesOf(formula);
  return actions.flatMap((action) =>
    (fields ?? [undefined]).flatMap((field) => alternatives.map((rows) => ({ action, subject, field, rows }))),
  );
}
/** Formulas that together are this one; each of them may be covered by another rule. */
function alternativesOf(formula: Formula): readonly Formula[] {
  if ('some' in formula) return formula.some;
  return 'every' in formula && formula.every.length === 1 ? alternativesOf(formula.every[0]) : [formula];
}
function isCovered(giving: readonly Analysed[], at: number, having: readonly Having[]): boolean {
  const takenBack = giving.slice(at + 1).filter((rule) => rule.inverted);
  return partsOf(giving[at]).every((part) =>
    having.some(({ rules, same }) =>
      rules.some((rule, k) => isWithin(part, rule, rules.slice(k + 1), takenBack, { same, ownIn: none })),
    ),
  );
}
const none: ReadonlySet<string> = new Set();
/** Whether the part lies within this rule, and outside of what later rules of the same role take back. */
function isWithin(
  part: Part,
  rule: Analysed,
  later: readonly Analysed[],
  takenBackToo: readonly Analysed[],
  holders: Holders,
): boolean {
  if (rule.inverted || !reaches(rule, part)) return false;
  const inWay = later.filter((other) => other.inverted && meet(other, part));
  const isLeft = inWay.every(
    (other) =>
      excludes(part.rows, other.formula, holders) || takenBackToo.some((back) => takesBack(back, other, part, holders)),
  );
  if (!isLeft) return false;
  if (implies(part.rows, rule.formula, holders)) return true;
  // Own rows of the receiver stand for own rows of the giver. They are the same rows but for that column, so nothing else
  // may look at it.
  const ownIn = ownColumns(rule.formula);
  if (inWay.some((other) => comparisonsIn(other.formula).some(({ column }) => ownIn.has(column)))) return false;
  return implies(part.rows, rule.formula, { ...holders, ownIn });
}
/** Columns that a rule compares with the holder's id and with nothing else. */
function ownColumns(formula: Formula): Set<string> {
  const all = comparisonsIn(formula);
  const isOnly = (column: string) => all.filter((c) => c.column === column).length === 1;
  return new Set(
    all
      .filter((c) => 'values' in c && c.is === 'in' && c.values.includes(own))
      .map(({ column }) => column)
      .filter(isOnly),
  );
}
/** Whether a rule is about everything that the part is about. */
const reaches = ({ actions, subject, fields }: Analysed, part: Part): boolean =>
  (actions.includes('manage') || actions.includes(part.action)) &&
  (subject === 'all' || subject === part.subject) &&
  (fields === undefined || (part.field !== undefined && fields.includes(part.field)));
/** Whether a rule is about anything that the part is about. */
const meet = ({ actions, subject, fields }: Analysed, part: Part): boolean =>
  (part.action === 'manage' || actions.includes('manage') || actions.includes(part.action)) &&
  (part.subject === 'all' || subject === 'all' || subject === part.subject) &&
  (part.field === undefined || fields === undefined || fields.includes(part.field));
/** Whether an inverted rule of the receiver takes everything of the part back that one of the giver does. */
function takesBack(back: Analysed, other: Analysed, part: Part, holders: Holders): boolean {
  const wanted = {
    actions: part.action === 'manage' ? other.actions : [part.action],
    subject: part.subject === 'all' ? other.subject : part.subject,
    // Asked about a row and no field of it, rules that take fields back are not looked at: to them it is another question.
    fields: other.fields && (part.field === undefined ? other.fields : [part.field]),
  };
  return (
    wanted.actions.every((action) => back.actions.includes('manage') || back.actions.includes(action)) &&
    (back.subject === 'all' || back.subject === wanted.subject) &&
    (back.fields === undefined || (wanted.fields?.every((field) => back.fields!.includes(field)) ?? false)) &&
    implies(other.formula, back.formula, holders)
  );
}
