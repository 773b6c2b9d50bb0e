import { Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
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

interface Measure {
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly cost: (variables: Readonly<Record<string, unknown>>) => number;
}
const measured = new WeakMap<DocumentNode, Measure>();

/** QUERY_TOO_COMPLEX when a valid document goes past a limit. Runs before any resolver, so before any SQL. */
export function checkLimits(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>> | undefined,
  limits: QueryLimits = defaultLimits,
): void {
  let measure = measured.get(document);
  if (!measure) measured.set(document, (measure = measureDocument(document)));
  const over = (reason: string, value: number, limit: number) => {
    if (value > limit)
      throw new AppError(commonErrors.QUERY_TOO_COMPLEX, { params: { reason: `${reason} ${value} > ${limit}` } });
  };
  over('depth', measure.depth, limits.depth);
  over('aliases', measure.aliases, limits.aliases);
  over('root fields', measure.rootFields, limits.rootFields);
  over('cost', measure.cost(variables ?? {}), limits.cost);
}

type Cost = (variables: Readonly<Record<string, unknown>>) => number;
interface Part {
  depth: number;
  aliases: number;
  fields: number;
  costs: Cost[];
}
/** All operations of a document together; fragments are measured where they are spread. */
function measureDocument(document: DocumentNode): Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions) if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const known = new Map<string, Part>();

  const field = (node: FieldNode): Part => {
    if (node.name.value.startsWith('__')) return { depth: 0, aliases: node.alias ? 1 : 0, fields: 1, costs: [] };
    const below = set(node.selectionSet);
    const first = node.arguments?.find((a) => a.name.value === 'first')?.value;
    const nested = node.selectionSet !== undefined;
    const isConnection = node.selectionSet?.selections.some(
      (s) => s.kind === Kind.FIELD && ['nodes', 'edges', 'pageInfo'].includes(s.name.value),
    );
    const rows: Cost = (variables) => {
      if (first?.kind === Kind.INT) return Math.max(Number(first.value), 0);
      if (first?.kind === Kind.VARIABLE) {
        const value = variables[first.name.value];
        return typeof value === 'number' ? Math.max(value, 0) : defaultPage;
      }
      if (isConnection) return defaultPage;
      return nested && node.name.value.endsWith('s') && !['nodes', 'edges'].includes(node.name.value) ? assumedRows : 1;
    };
    return {
      depth: below.depth + 1,
      aliases: below.aliases + (node.alias ? 1 : 0),
      fields: 1,
      costs: [(v) => 1 + rows(v) * below.costs.reduce((sum, cost) => sum + cost(v), 0)],
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
        part = known.get(name) ?? set(fragments.get(name)?.selectionSet);
        known.set(name, part);
      }
      total.depth = Math.max(total.depth, part.depth);
      total.aliases += part.aliases;
      total.fields += part.fields;
      total.costs.push(...part.costs);
    }
    // One closure a set keeps a document of nested fragments from growing without bound.
    if (total.costs.length > 1) {
      const costs = total.costs;
      total.costs = [(v) => costs.reduce((sum, cost) => sum + cost(v), 0)];
    }
    return total;
  };
  const roots = document.definitions.flatMap((d) =>
    d.kind === Kind.OPERATION_DEFINITION ? [set(d.selectionSet)] : [],
  );
  return {
    depth: Math.max(0, ...roots.map((r) => r.depth)),
    aliases: roots.reduce((sum, r) => sum + r.aliases, 0),
    rootFields: roots.reduce((sum, r) => sum + r.fields, 0),
    cost: (v) => roots.reduce((sum, r) => sum + r.costs.reduce((s, cost) => s + cost(v), 0), 0),
  };
}
