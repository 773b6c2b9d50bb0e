import type { Column } from '#libs/database/resource.js';
import { ownId, resourceOfSubject, type Rule } from './rules.js';

/** Stands for the id of whoever holds the rule: another one for another holder. */
export const own: unique symbol = Symbol('the id of the holder');
type Value = null | boolean | number | string | typeof own;
type Range = 'gt' | 'gte' | 'lt' | 'lte';
/** What a comparison says of a column. Each has an exact opposite, null in the column included. */
export type Comparison =
  | { readonly column: string; readonly is: 'in' | 'nin'; readonly values: readonly Value[] }
  | { readonly column: string; readonly is: Range; readonly bound: number; readonly not: boolean };
/** A condition without negations: they are in the comparisons. `every` of nothing holds always, `some` of nothing never. */
export type Formula = { readonly every: readonly Formula[] } | { readonly some: readonly Formula[] } | Comparison;

/** The conditions of a rule that can be stored. */
export function formulaOf(rule: Rule): Formula {
  const columns = resourceOfSubject(rule.subject)?.columns;
  return conjunction(rule.conditions ?? {}, columns ?? new Map(), false);
}
function conjunction(
  conditions: Readonly<Record<string, unknown>>,
  columns: ReadonlyMap<string, Column>,
  negated: boolean,
): Formula {
  const parts = Object.entries(conditions).flatMap(([key, value]): Formula[] => {
    if (key.startsWith('$')) {
      const each = (not: boolean) => (value as Record<string, unknown>[]).map((c) => conjunction(c, columns, not));
      if (key === '$or') return [negated ? { every: each(true) } : { some: each(false) }];
      if (key === '$nor') return [negated ? { some: each(false) } : { every: each(true) }];
      return [negated ? { some: each(true) } : { every: each(false) }];
    }
    const operators = typeof value === 'object' && value !== null ? Object.entries(value) : [['$eq', value] as const];
    return operators.map(([operator, operand]) => comparison(key, columns.get(key)?.kind, operator, operand, negated));
  });
  return negated ? { some: parts } : { every: parts };
}
function comparison(
  column: string,
  kind: Column['kind'] | undefined,
  operator: string,
  operand: unknown,
  negated: boolean,
): Comparison {
  const value = (given: unknown): Value => {
    if (kind === 'instant' && given !== null) return Date.parse(given as string);
    if (kind === 'id' && given !== null) return given === ownId ? own : (given as string).toLowerCase();
    return given as Value;
  };
  const name = operator.slice(1);
  if (name === 'gt' || name === 'gte' || name === 'lt' || name === 'lte')
    return { column, is: name, bound: value(operand) as number, not: negated };
  const isIn = (name === 'eq' || name === 'in') !== negated;
  return { column, is: isIn ? 'in' : 'nin', values: [operand].flat().map(value) };
}

export const comparisonsIn = (formula: Formula): Comparison[] => {
  if ('every' in formula) return formula.every.flatMap(comparisonsIn);
  return 'some' in formula ? formula.some.flatMap(comparisonsIn) : [formula];
};
/** How those who hold two rules stand to each other. */
export interface Holders {
  /** Both rules have one holder, so that their own ids are one. */
  readonly same: boolean;
  /** Columns in which it is enough that a row belongs to the one as it has to belong to the other. */
  readonly ownIn: ReadonlySet<string>;
}
/** Whether what meets `a` certainly meets `b`. False where that cannot be shown. */
export function implies(a: Formula, b: Formula, holders: Holders): boolean {
  if ('every' in b) return b.every.every((part) => implies(a, part, holders));
  if ('some' in a) return a.some.every((part) => implies(part, b, holders));
  if ('some' in b && b.some.some((part) => implies(a, part, holders))) return true;
  if ('every' in a) return a.every.some((part) => implies(part, b, holders));
  return !('some' in b) && a.column === b.column && comparisonImplies(a, b, holders);
}
/** Whether certainly nothing meets both. False where that cannot be shown. */
export function excludes(a: Formula, b: Formula, holders: Holders): boolean {
  if ('some' in a) return a.some.every((part) => excludes(part, b, holders));
  if ('some' in b) return b.some.every((part) => excludes(a, part, holders));
  if ('every' in a && a.every.some((part) => excludes(part, b, holders))) return true;
  if ('every' in b) return b.every.some((part) => excludes(a, part, holders));
  return !('every' in a) && a.column === b.column && comparisonExcludes(a, b, holders);
}

/** Whether a column with this value meets the comparison; undefined where that depends on who holds the rules. */
function meets(value: Value, c: Comparison, { same }: Holders): boolean | undefined {
  if (!('values' in c)) return value === own ? undefined : withinRange(value, c) !== c.not;
  if ((value !== own || same) && c.values.includes(value)) return c.is === 'in';
  // Null is nobody's id.
  const mayBeThere = value === own ? c.values.some((v) => v !== null) : value !== null && c.values.includes(own);
  return mayBeThere ? undefined : c.is === 'nin';
}
function withinRange(value: Value, { is, bound }: Extract<Comparison, { bound: number }>): boolean {
  if (typeof value !== 'number') return false;
  if (is === 'gt') return value > bound;
  if (is === 'gte') return value >= bound;
  return is === 'lt' ? value < bound : value <= bound;
}
function comparisonImplies(a: Comparison, b: Comparison, holders: Holders): boolean {
  if ('values' in a) {
    if (a.is === 'in')
      return a.values.every((v) => {
        const isOwn = v === own && holders.ownIn.has(a.column);
        return (isOwn && 'values' in b && b.is === 'in' && b.values.includes(own)) || meets(v, b, holders) === true;
      });
    return (
      'values' in b && b.is === 'nin' && b.values.every((v) => (v !== own || holders.same) && a.values.includes(v))
    );
  }
  if ('values' in b) return b.is === 'nin' && b.values.every((v) => meets(v, a, holders) === false);
  if (a.not && b.not) return rangeImplies(b, a);
  if (!a.not && !b.not) return rangeImplies(a, b);
  return b.not && rangesExclude(a, b);
}
function comparisonExcludes(a: Comparison, b: Comparison, holders: Holders): boolean {
  if ('values' in a && a.is === 'in') return a.values.every((v) => meets(v, b, holders) === false);
  if ('values' in b && b.is === 'in') return b.values.every((v) => meets(v, a, holders) === false);
  if ('values' in a || 'values' in b) return false;
  if (a.not && b.not) return false;
  if (a.not) return rangeImplies(b, a);
  return b.not ? rangeImplies(a, b) : rangesExclude(a, b);
}
type Bounded = Extract<Comparison, { bound: number }>;
const isUpward = ({ is }: Bounded) => is === 'gt' || is === 'gte';
const isStrict = ({ is }: Bounded) => is === 'gt' || is === 'lt';
function rangeImplies(a: Bounded, b: Bounded): boolean {
  if (isUpward(a) !== isUpward(b)) return false;
  if (a.bound === b.bound) return isStrict(a) || !isStrict(b);
  return isUpward(a) ? a.bound > b.bound : a.bound < b.bound;
}
function rangesExclude(a: Bounded, b: Bounded): boolean {
  if (isUpward(a) === isUpward(b)) return false;
  const [low, high] = isUpward(a) ? [a, b] : [b, a];
  return low.bound > high.bound || (low.bound === high.bound && (isStrict(low) || isStrict(high)));
}
