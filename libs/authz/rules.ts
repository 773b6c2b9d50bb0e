import { buildMongoQueryMatcher, createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability';
import { $and, $nor, $not, $or, and, eq, nor, not, or } from '@ucast/mongo2js';
import type { ErrorDetail } from '#libs/errors/app-error.js';
import { isInstant } from '#libs/contract/scalars.js';
import { isInt32, isUuid } from '#libs/database/list.js';
import { allResources, type Column, type Resource } from '#libs/database/resource.js';
import { actionsOf } from './actions.js';

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

export const maxConditionDepth = 5;
export const maxComparisons = 50;
const maxListed = 100;
const maxTextLength = 500;

const problem = (field: string, code: string, params?: ErrorDetail['params']): ErrorDetail => ({
  field,
  code,
  ...(params && { params }),
});
const oneOf = (field: string, code: 'ENUM' | 'NOT_ALLOWED', allowed: Iterable<string>): ErrorDetail =>
  problem(field, code, { allowed: [...allowed].join(', ') || '–' });

/** What is wrong with a rule, by the path within it; empty when it can be stored. */
export function problemsOf(rule: Rule): ErrorDetail[] {
  const found = resourceOfSubject(rule.subject);
  if (!found && rule.subject !== 'all') return [oneOf('subject', 'ENUM', ['all', ...subjects()])];
  const known = actionsOf(rule.subject);
  const problems = [rule.action]
    .flat()
    .flatMap((action, i) => (known.includes(action) ? [] : [oneOf(`action.${i}`, 'ENUM', known)]));
  if (!found) {
    // A field or a column that each subject has in its own way, or has not.
    for (const name of ['conditions', 'fields'] as const) if (rule[name]) problems.push(oneOf(name, 'NOT_ALLOWED', []));
    return problems;
  }
  if (rule.fields) problems.push(...problemsOfFields(rule.fields, rule, found));
  if (rule.conditions)
    problems.push(...problemsOfConditions(rule.conditions, found, 'conditions', { left: maxComparisons }, 1));
  return problems;
}
export const subjects = (): string[] => [...allResources()].flatMap((r) => r.definition.subject ?? []).sort();

function problemsOfFields(fields: readonly string[], { action }: Rule, of: Resource): ErrorDetail[] {
  if (fields.length === 0) return [problem('fields', 'MIN_ITEMS', { min: 1 })];
  const reads = [action].flat().some((a) => a === 'read' || a === 'manage');
  const restrictable = of.restrictable().map((f) => f.name);
  return fields.flatMap((field, i) => {
    if (!of.fields.has(field) && !of.columns.has(field))
      return [
        oneOf(`fields.${i}`, 'ENUM', reads ? restrictable : new Set([...of.fields.keys(), ...of.columns.keys()])),
      ];
    // All others are read with the row, so a rule on reading cannot name them.
    return reads && !restrictable.includes(field) ? [oneOf(`fields.${i}`, 'NOT_ALLOWED', restrictable)] : [];
  });
}
const isComparable = (column: Column) => !column.list && column.kind !== 'json' && column.loaded;

function problemsOfConditions(
  conditions: Readonly<Record<string, unknown>>,
  of: Resource,
  path: string,
  budget: { left: number },
  depth: number,
): ErrorDetail[] {
  if (!isObject(conditions)) return [problem(path, 'TYPE', { expected: 'object' })];
  if (depth > maxConditionDepth) return [problem(path, 'JSON_DEPTH', { max: maxConditionDepth })];
  return Object.entries(conditions).flatMap(([key, value]) => {
    const at = `${path}.${key}`;
    if (junctions.has(key)) {
      if (!Array.isArray(value)) return [problem(at, 'TYPE', { expected: 'array' })];
      if (value.length === 0) return [problem(at, 'MIN_ITEMS', { min: 1 })];
      return value.flatMap((v, i) => problemsOfConditions(v as never, of, `${at}.${i}`, budget, depth + 1));
    }
    const column = of.columns.get(key);
    if (!column || !isComparable(column))
      return [
        oneOf(at, 'NOT_ALLOWED', [...[...of.columns.values()].filter(isComparable).map((c) => c.name), ...junctions]),
      ];
    const operators: [string, unknown][] = isObject(value) ? Object.entries(value) : [['', value]];
    if (operators.length === 0) return [problem(at, 'MIN_ITEMS', { min: 1 })];
    return operators.flatMap(([operator, operand]) => {
      if (--budget.left === -1) return [problem(path, 'MAX_ITEMS', { max: maxComparisons })];
      return budget.left < 0
        ? []
        : problemsOfComparison(operator, operand, column, operator ? `${at}.${operator}` : at);
    });
  });
}
function problemsOfComparison(operator: string, operand: unknown, { kind }: Column, path: string): ErrorDetail[] {
  const allowed = new Set([...comparisons].filter((c) => ordered.has(kind) || !orderings.has(c)));
  if (operator !== '' && !allowed.has(operator)) return [oneOf(path, 'NOT_ALLOWED', allowed)];
  if (operator === '$in' || operator === '$nin') {
    if (!Array.isArray(operand)) return [problem(path, 'TYPE', { expected: 'array' })];
    if (operand.length > maxListed) return [problem(path, 'MAX_ITEMS', { max: maxListed })];
    return operand.flatMap((o, i) => problemsOfValue(o, kind, `${path}.${i}`));
  }
  return operand === null && !orderings.has(operator) ? [] : problemsOfValue(operand, kind, path);
}
const expected: Partial<Record<Column['kind'], string>> = { int: 'integer', bigint: 'integer', flag: 'boolean' };
/** Of a value that the database does not take for a column of this kind: it would fail every read. */
function problemsOfValue(value: unknown, kind: Column['kind'], path: string): ErrorDetail[] {
  if (value === null) return [problem(path, 'NULL_NOT_ALLOWED')];
  if (fits(value, kind))
    return typeof value === 'string' && value.length > maxTextLength
      ? [problem(path, 'MAX_LENGTH', { max: maxTextLength })]
      : [];
  const isText = typeof value === 'string' && !expected[kind];
  return [isText ? problem(path, 'FORMAT') : problem(path, 'TYPE', { expected: expected[kind] ?? 'string' })];
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
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
