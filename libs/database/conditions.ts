import { CompoundCondition, FieldCondition, type Condition } from '@ucast/core';

/** Stands for a property of the actor in a rule's condition, so that all actors of a role share one compiled plan. */
export class ActorValue {
  constructor(readonly property: string) {}
}

/** A condition split into its shape, which is part of a plan's key, and its values, which become parameters. */
export interface Lowered {
  readonly key: string;
  readonly values: readonly unknown[];
  readonly condition: Condition;
}

export function lower(condition: Condition): Lowered {
  const values: unknown[] = [];
  const walk = (c: Condition): string => {
    if (c instanceof FieldCondition) {
      if (c.value === null) return `${c.field} ${c.operator} null`;
      values.push(c.value);
      return `${c.field} ${c.operator}`;
    }
    return `${c.operator}(${(c.value as Condition[]).map(walk).join()})`;
  };
  return { key: walk(condition), values, condition };
}

/** The fields that a condition looks at. */
export function fieldsIn(condition: Condition): string[] {
  if (condition instanceof FieldCondition) return [condition.field];
  return (condition.value as Condition[]).flatMap(fieldsIn);
}

const comparisons: Record<string, (column: string, parameter: string) => string> = {
  eq: (c, p) => `${c} = ${p}`,
  ne: (c, p) => `${c} IS DISTINCT FROM ${p}`,
  gt: (c, p) => `${c} > ${p}`,
  gte: (c, p) => `${c} >= ${p}`,
  lt: (c, p) => `${c} < ${p}`,
  lte: (c, p) => `${c} <= ${p}`,
  in: (c, p) => `${c} = ANY(${p})`,
  nin: (c, p) => `(${c} = ANY(${p})) IS NOT TRUE`,
  contains: (c, p) => `strpos(lower(${c}), lower(${p})) > 0`,
  has: (c, p) => `${c} @> ARRAY[${p}]::text[]`,
};

/**
 * A condition as SQL. `column` gives the expression of a field, `bind` takes the position of a value within the
 * condition and gives its placeholder. NOT is two-valued: a comparison with NULL counts as false before it is negated.
 */
export function conditionSql(
  condition: Condition,
  column: (field: string) => string,
  bind: (position: number) => string,
): string {
  let position = 0;
  const walk = (c: Condition): string => {
    if (c instanceof FieldCondition) {
      const col = column(c.field);
      if (c.value === null) return c.operator === 'ne' ? `${col} IS NOT NULL` : `${col} IS NULL`;
      const compare = comparisons[c.operator];
      if (!compare) throw new Error(`operator ${c.operator} has no SQL`);
      return compare(col, bind(position++));
    }
    const parts = (c.value as Condition[]).map(walk);
    if (c.operator === 'not' || c.operator === 'nor') return `(${parts.join(' OR ')}) IS NOT TRUE`;
    if (!(c instanceof CompoundCondition)) throw new Error(`condition ${c.operator} has no SQL`);
    if (parts.length === 0) return c.operator === 'or' ? 'false' : 'true';
    return `(${parts.join(c.operator === 'or' ? ' OR ' : ' AND ')})`;
  };
  return walk(condition);
}
