import { buildMongoQueryMatcher, createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability';
import { $and, $nor, $not, $or, and, eq, nor, not, or } from '@ucast/mongo2js';
import { isInstant } from '#libs/contract/scalars.js';
import { isInt32, isUuid } from '#libs/database/list.js';
import { allResources, type Column, type Resource } from '#libs/database/resource.js';

/**
 * One rule of a role, as data (CASL's raw rule). Conditions are MongoDB-style over columns of the subject's table with
 * `${actor.id}` for the caller's id; `fields` restricts it to these fields; `inverted` takes rights of this role back.
 */
export interface Rule {
  readonly action: string | readonly string[];
  readonly subject: string;
  readonly fields?: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  readonly inverted?: boolean;
  readonly reason?: string;
}
// What `can` says of a row is what SQL says: with null nothing is equal, smaller or greater (ucast takes it for zero), and
// a column is null or it is not (ucast takes what an object inherits for missing). CASL's own matcher takes `$or` for the
// name of a field.
const compare = (a: unknown, b: unknown): number => {
  const [x, y] = [a, b].map((value) => (value instanceof Date ? value.getTime() : value)) as number[];
  if (a === null || a === undefined) return NaN;
  if (x === y) return 0;
  return x > y ? 1 : -1;
};
const equals: typeof eq = (condition, row, context) =>
  condition.value === null
    ? (context.get(row, condition.field) ?? null) === null
    : eq(condition, row as never, context as never);
const differs: typeof eq = (condition, row, context) => !equals(condition, row, context);
const conditionsMatcher = buildMongoQueryMatcher(
  { $and, $or, $nor, $not } as never,
  { and, or, nor, not, eq: equals, ne: differs } as never,
  { compare } as never,
);
const comparisons = new Set(['$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte']);
const orderings = new Set(['$gt', '$gte', '$lt', '$lte']);
/** Kinds that JavaScript and every database sort alike; the order of texts depends on the database's collation. */
const ordered = new Set<Column['kind']>(['int', 'bigint', 'instant']);
const junctions = new Set(['$and', '$or', '$nor']);
/** What a condition says for the id of whoever holds the rule. */
export const ownId = '${actor.id}';
const placeholder = /^\$\{actor\.(id)\}$/;

export const resourceOfSubject = (subject: string): Resource | undefined =>
  [...allResources()].find((r) => r.definition.subject === subject);

/** What is wrong with a rule, in words; empty when it can be stored. */
export function problemsOf(rule: Rule): string[] {
  if (rule.subject === 'all')
    return rule.conditions || rule.fields ? ['a rule for all subjects takes no conditions and no fields'] : [];
  const found = resourceOfSubject(rule.subject);
  if (!found) return [`there is no subject ${rule.subject}`];
  const problems: string[] = [];
  const reads = [rule.action].flat().some((action) => action === 'read' || action === 'manage');
  if (rule.fields?.length === 0) problems.push('fields names no field');
  for (const field of rule.fields ?? [])
    if (!found.fields.has(field) && !found.columns.has(field)) problems.push(`${rule.subject} has no field ${field}`);
    else if (reads && !found.fields.get(field)?.restrictable)
      problems.push(`${field} is read with the row and cannot be hidden, so a rule on reading cannot name it`);
  if (rule.conditions) problems.push(...problemsOfConditions(rule.conditions, found));
  return problems;
}
function problemsOfConditions(conditions: Readonly<Record<string, unknown>>, of: Resource): string[] {
  if (!isObject(conditions)) return ['conditions must be an object'];
  return Object.entries(conditions).flatMap(([key, value]) => {
    if (junctions.has(key)) {
      if (!Array.isArray(value) || value.length === 0) return [`${key} takes a list of conditions`];
      return value.flatMap((v) => problemsOfConditions(v as never, of));
    }
    const column = of.columns.get(key);
    if (!column) return [`${of.name} has no column ${key}`];
    if (column.list || column.kind === 'json' || !column.loaded) return [`${key} cannot be compared in a rule`];
    const operators: [string, unknown][] = isObject(value) ? Object.entries(value) : [['$eq', value]];
    if (operators.length === 0) return [`${key} is compared with nothing`];
    return operators.flatMap(([operator, operand]) => problemsOfComparison(operator, operand, column));
  });
}
function problemsOfComparison(operator: string, operand: unknown, { name, kind }: Column): string[] {
  if (!comparisons.has(operator)) return [`operator ${operator} is not known`];
  if (operator === '$in' || operator === '$nin') {
    if (!Array.isArray(operand) || operand.includes(null)) return [`${operator} takes a list without null`];
    return operand.every((o) => fits(o, kind)) ? [] : [`${name}: a value has the wrong type`];
  }
  if (orderings.has(operator) && !ordered.has(kind)) return [`${operator} is for numbers and times, not for ${name}`];
  if (operand === null && !orderings.has(operator)) return [];
  return fits(operand, kind) ? [] : [`${name}: the value has the wrong type`];
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Whether the database takes the value for a column of this kind; one that it refuses would fail every read. */
function fits(value: unknown, kind: Column['kind']): boolean {
  if (kind === 'int') return Number.isInteger(value) && isInt32(value as number);
  if (kind === 'bigint') return Number.isSafeInteger(value);
  if (kind === 'flag') return typeof value === 'boolean';
  if (typeof value !== 'string') return false;
  if (kind === 'instant') return isInstant(value) && !Number.isNaN(Date.parse(value));
  if (kind === 'id') return placeholder.test(value) || isUuid(value);
  return value.isWellFormed() && !value.includes('\0');
}

/**
 * Rules as an ability. Placeholders become what `actor` gives for them; times become dates and ids lower case, as
 * entities hold them.
 */
export function abilityOf(rules: readonly Rule[], actor: (property: string) => unknown): MongoAbility {
  const raw = rules.map((rule) => {
    const columns = resourceOfSubject(rule.subject)?.columns;
    const fill = (value: unknown, field?: string): unknown => {
      if (typeof value === 'string') {
        const property = placeholder.exec(value)?.[1];
        if (property) return actor(property);
        const kind = field && columns?.get(field)?.kind;
        if (kind === 'instant') return new Date(value);
        return kind === 'id' ? value.toLowerCase() : value;
      }
      if (Array.isArray(value)) return value.map((v) => fill(v, field));
      if (typeof value !== 'object' || value === null || value instanceof Date) return value;
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fill(v, columns?.has(k) ? k : field)]));
    };
    return { ...rule, ...(rule.conditions && { conditions: fill(rule.conditions) }) };
  });
  return createMongoAbility(raw as unknown as RawRuleOf<MongoAbility>[], {
    conditionsMatcher: conditionsMatcher,
    detectSubjectType: (row) => subjectOfRow(row as object),
  });
}
const subjectOfRow = (row: object): string => resourceOfRow(row).definition.subject!;

const resources = new Map<unknown, Resource>();
/** The resource with a subject whose entity the row is. */
export function resourceOfRow(row: object): Resource {
  const type = row.constructor;
  let found = resources.get(type);
  if (found === undefined) {
    found = [...allResources()].find((r) => (r.definition.entity as unknown) === type);
    if (!found?.definition.subject) throw new Error(`${type.name} is not the entity of a subject`);
    resources.set(type, found);
  }
  return found;
}
