import { buildMongoQueryMatcher, createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability';
import { $and, $nor, $not, $or, and, nor, not, or } from '@ucast/mongo2js';
import { ActorValue } from '#libs/database/conditions.js';
import { allResources, type Resource } from '#libs/database/resource.js';

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
/** CASL's own matcher takes `$or` for the name of a field. */
const conditionsMatcher = buildMongoQueryMatcher({ $and, $or, $nor, $not } as never, { and, or, nor, not } as never);
const comparisons = new Set(['$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte']);
const junctions = new Set(['$and', '$or', '$nor']);
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
  for (const field of rule.fields ?? [])
    if (!found.fields.has(field) && !found.columns.has(field)) problems.push(`${rule.subject} has no field ${field}`);
  if (rule.conditions) problems.push(...problemsOfConditions(rule.conditions, found));
  return problems;
}
function problemsOfConditions(conditions: Readonly<Record<string, unknown>>, of: Resource): string[] {
  const problems: string[] = [];
  if (typeof conditions !== 'object' || conditions === null) return ['conditions must be an object'];
  for (const [key, value] of Object.entries(conditions)) {
    if (junctions.has(key)) {
      if (!Array.isArray(value) || value.length === 0) problems.push(`${key} takes a list of conditions`);
      else problems.push(...value.flatMap((v) => problemsOfConditions(v as never, of)));
      continue;
    }
    const column = of.columns.get(key);
    if (!column) {
      problems.push(`${of.name} has no column ${key}`);
      continue;
    }
    if (column.list || column.field?.kind === 'json') problems.push(`${key} cannot be compared in a rule`);
    const operators: [string, unknown][] = isOperators(value) ? Object.entries(value) : [['$eq', value]];
    for (const [operator, operand] of operators) {
      if (!comparisons.has(operator)) problems.push(`operator ${operator} is not known`);
      // In JavaScript null is smaller than everything, in SQL it is nothing: `can` and the query would disagree.
      else if ((operator === '$lt' || operator === '$lte') && column.nullable)
        problems.push(`${operator} on ${key}: the column may be null`);
      else if (operator === '$in' || operator === '$nin') {
        if (!Array.isArray(operand) || operand.some((o) => o === null))
          problems.push(`${operator} takes a list without null`);
        else if (operand.some((o) => !fits(o, column.kind))) problems.push(`${key}: a value has the wrong type`);
      } else if (operand === null ? operator !== '$eq' && operator !== '$ne' : !fits(operand, column.kind))
        problems.push(`${key}: the value has the wrong type`);
    }
  }
  return problems;
}
const isOperators = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof ActorValue);
function fits(value: unknown, kind: string): boolean {
  if (kind === 'int' || kind === 'bigint') return Number.isSafeInteger(value);
  if (kind === 'flag') return typeof value === 'boolean';
  if (kind === 'instant') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  if (kind === 'id') return typeof value === 'string' && (placeholder.test(value) || /^[0-9a-f-]{36}$/i.test(value));
  return typeof value === 'string';
}

/** Rules as an ability. Placeholders become what `actor` gives for them; times become dates, as entities hold them. */
export function abilityOf(rules: readonly Rule[], actor: (property: string) => unknown): MongoAbility {
  const raw = rules.map((rule) => {
    const columns = resourceOfSubject(rule.subject)?.columns;
    const fill = (value: unknown, field?: string): unknown => {
      if (typeof value === 'string') {
        const property = placeholder.exec(value)?.[1];
        if (property) return actor(property);
        return field && columns?.get(field)?.kind === 'instant' ? new Date(value) : value;
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
const subjects = new Map<unknown, string>();
function subjectOfRow(row: object): string {
  const type = row.constructor;
  let subject = subjects.get(type);
  if (subject === undefined) {
    const found = [...allResources()].find((r) => (r.definition.entity as unknown) === type);
    if (!found?.definition.subject) throw new Error(`${type.name} is not the entity of a subject`);
    subjects.set(type, (subject = found.definition.subject));
  }
  return subject;
}
