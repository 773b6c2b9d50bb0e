import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

export interface QueryLimits {
  /** Levels of fields. */
  readonly depth: number;
  readonly aliases: number;
  /** Fields of the operation's root type, aliases of one field counted each. */
  readonly rootFields: number;
  /** Fields that can come into an answer: each counts as often as the lists above it can have rows. */
  readonly cost: number;
}
/** Tokens of a document, checked by the parser. */
export const maxTokens = 2000;
export const defaultLimits: QueryLimits = { depth: 12, aliases: 30, rootFields: 20, cost: 20_000 };
const defaultPage = 20;
/** Rows that an unpaged list is taken to have. */
const assumedRows = 5;

type Variables = Readonly<Record<string, unknown>>;
/** `known` holds what was worked out before for the same variables. */
type Cost = (variables: Variables, known: Map<Cost, number>) => number;
interface Measure {
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly cost: (variables: Variables) => number;
}
const measured = new WeakMap<DocumentNode, Measure>();

/** QUERY_TOO_COMPLEX when a valid document goes past a limit. Runs before any resolver, so before any SQL. */
export function checkLimits(
  document: DocumentNode,
  variables: Variables | undefined,
  limits: QueryLimits = defaultLimits,
): void {
  const measure = measureOf(document);
  const over = (reason: string, value: number, limit: number) => {
    if (value > limit)
      throw new AppError(commonErrors.QUERY_TOO_COMPLEX, { params: { reason: `${reason} ${value} > ${limit}` } });
  };
  over('depth', measure.depth, limits.depth);
  over('aliases', measure.aliases, limits.aliases);
  over('root fields', measure.rootFields, limits.rootFields);
  over('cost', measure.cost(variables ?? {}), limits.cost);
}

/** Cost of a document that counts as one request: a page of rows with a dozen fields each, and what belongs to them. */
const COST_OF_A_REQUEST = 1000;
/** How many requests a document stands for: as many as it asks root fields, or more by what they cost. */
export function requestsOf(document: DocumentNode, variables: Variables | undefined): number {
  const { rootFields, cost } = measureOf(document);
  return Math.max(1, rootFields, Math.ceil(cost(variables ?? {}) / COST_OF_A_REQUEST));
}

/** Whether `checkLimits` would let the document pass. */
export function isWithin(document: DocumentNode, variables: Variables | undefined, limits: QueryLimits): boolean {
  const { depth, aliases, rootFields, cost } = measureOf(document);
  return (
    depth <= limits.depth &&
    aliases <= limits.aliases &&
    rootFields <= limits.rootFields &&
    cost(variables ?? {}) <= limits.cost
  );
}
function measureOf(document: DocumentNode): Measure {
  let measure = measured.get(document);
  if (!measure) measured.set(document, (measure = measureDocument(document)));
  return measure;
}

interface Part {
  depth: number;
  aliases: number;
  fields: number;
  costs: Cost[];
}
/** The same, worked out once for the same variables: fragments that spread each other twice double at each step. */
function once(cost: Cost): Cost {
  return (variables, known) => {
    if (!known.has(cost)) known.set(cost, cost(variables, known));
    return known.get(cost)!;
  };
}
const sum = (costs: readonly Cost[], variables: Variables, known: Map<Cost, number>) =>
  costs.reduce((all, cost) => all + cost(variables, known), 0);

/** Variables with the defaults that an operation gives them; null stays null. */
function withDefaults(operation: OperationDefinitionNode): (variables: Variables) => Variables {
  const defaults = operation.variableDefinitions?.flatMap(({ variable, defaultValue }) =>
    defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [],
  );
  return (variables) => (defaults?.length ? { ...Object.fromEntries(defaults), ...variables } : variables);
}
/** All operations of a document together; fragments are measured where they are spread. */
function measureDocument(document: DocumentNode): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const parts = new Map<string, Part>();
  const connections = new Map<string, boolean>();

  const isConnection = (selections: SelectionSetNode | undefined): boolean =>
    selections?.selections.some((s) => {
      if (s.kind === Kind.FIELD) return ['nodes', 'edges', 'pageInfo'].includes(s.name.value);
      if (s.kind === Kind.INLINE_FRAGMENT) return isConnection(s.selectionSet);
      const name = s.name.value;
      if (!connections.has(name)) connections.set(name, isConnection(fragments.get(name)?.selectionSet));
      return connections.get(name)!;
    }) ?? false;
  const field = (node: FieldNode): Part => {
    if (node.name.value.startsWith('__')) return { depth: 0, aliases: node.alias ? 1 : 0, fields: 1, costs: [] };
    const below = set(node.selectionSet);
    const first = node.arguments?.find((a) => a.name.value === 'first')?.value;
    const nested = node.selectionSet !== undefined;
    const paged = isConnection(node.selectionSet);
    const rows: Cost = (variables) => {
      if (first?.kind === Kind.INT) return Math.max(Number(first.value), 0);
      if (first?.kind === Kind.VARIABLE) {
        const value = variables[first.name.value];
        return typeof value === 'number' ? Math.max(value, 0) : defaultPage;
      }
      if (paged) return defaultPage;
      return nested && node.name.value.endsWith('s') && !['nodes', 'edges'].includes(node.name.value) ? assumedRows : 1;
    };
    return {
      depth: below.depth + 1,
      aliases: below.aliases + (node.alias ? 1 : 0),
      fields: 1,
      costs: [(v, known) => 1 + rows(v, known) * sum(below.costs, v, known)],
    };
  };
  const set = (selections: SelectionSetNode | undefined): Part => {
    const total: Part = { depth: 0, aliases: 0, fields: 0, costs: [] };
    for (const node of selections?.selections ?? []) {
      let part: Part;
      if (node.kind === Kind.FIELD) part = field(node);
      else if (node.kind === Kind.INLINE_FRAGMENT) part = set(node.selectionSet);
      else {
        const name = node.name.value;
        part = parts.get(name) ?? set(fragments.get(name)?.selectionSet);
        parts.set(name, part);
      }
      total.depth = Math.max(total.depth, part.depth);
      total.aliases += part.aliases;
      total.fields += part.fields;
      total.costs.push(...part.costs);
    }
    // One closure a set keeps a document of nested fragments from growing without bound.
    if (total.costs.length > 1) {
      const costs = total.costs;
      total.costs = [once((v, known) => sum(costs, v, known))];
    }
    return total;
  };
  const roots = document.definitions.flatMap((d) =>
    d.kind === Kind.OPERATION_DEFINITION ? [{ ...set(d.selectionSet), filled: withDefaults(d) }] : [],
  );
  return {
    depth: Math.max(0, ...roots.map((r) => r.depth)),
    aliases: roots.reduce((all, r) => all + r.aliases, 0),
    rootFields: roots.reduce((all, r) => all + r.fields, 0),
    cost: (variables) => roots.reduce((all, { costs, filled }) => all + sum(costs, filled(variables), new Map()), 0),
  };
}
