import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import type { Ask } from '#libs/database/list.js';
import type { Resource } from '#libs/database/resource.js';
import { selectionOf } from '#libs/database/selection.js';

/** What a field asks of a document or of a connection. */
export interface ConnectionAsk extends Ask {
  readonly nullHidden: true;
  readonly count: boolean;
  readonly edges: boolean;
  readonly hasNextPage: boolean;
  readonly endCursor: boolean;
}
const known = new WeakMap<FieldNode, Map<Resource, ConnectionAsk>>();

/**
 * What the selection below a GraphQL field asks of a resource, directly or through `nodes` and `edges`. Parsed documents
 * are kept, so the field's node is the cache key, unless `@skip` or `@include` depend on a variable.
 */
export function askOf(info: GraphQLResolveInfo, resource: Resource): ConnectionAsk {
  const [node] = info.fieldNodes;
  // Several nodes are one field spread over fragments: which of them come together differs between operations.
  const alone = info.fieldNodes.length === 1;
  let byResource = known.get(node);
  const found = alone ? byResource?.get(resource) : undefined;
  if (found) return found;
  const look = new LookAhead(info);
  for (const field of info.fieldNodes) look.top(field.selectionSet, resource);
  const ask = look.result(resource);
  if (!look.dynamic && alone) {
    if (!byResource) known.set(node, (byResource = new Map()));
    byResource.set(resource, ask);
  }
  return ask;
}

class LookAhead {
  dynamic = false;
  private readonly paths = new Set<string>();
  private count = false;
  private edges = false;
  private hasNextPage = false;
  private endCursor = false;

  constructor(private readonly info: GraphQLResolveInfo) {}

  top(set: SelectionSetNode | undefined, resource: Resource): void {
    this.each(set, (field) => {
      const name = field.name.value;
      if (name === 'totalCount' || name === 'totalCountIsExact') this.count = true;
      else if (name === 'nodes') this.below(field.selectionSet, resource, '');
      else if (name === 'pageInfo')
        this.each(field.selectionSet, (f) => {
          this.endCursor ||= f.name.value === 'endCursor';
          this.hasNextPage ||= f.name.value === 'hasNextPage';
        });
      else if (name === 'edges') {
        this.edges = true;
        this.each(field.selectionSet, (edge) => {
          if (edge.name.value === 'node') this.below(edge.selectionSet, resource, '');
        });
      } else this.field(field, resource, '');
    });
  }
  result(resource: Resource): ConnectionAsk {
    const { count, edges, hasNextPage, endCursor } = this;
    const selection = selectionOf(resource, this.paths.size ? this.paths : ['id']);
    return { selection, nullHidden: true, count, edges, hasNextPage, endCursor };
  }
  private below(set: SelectionSetNode | undefined, resource: Resource, prefix: string): void {
    this.each(set, (field) => this.field(field, resource, prefix));
  }
  private field(node: FieldNode, resource: Resource, prefix: string): void {
    const name = node.name.value;
    if (name === 'etag' && resource.versioned) this.paths.add(`${prefix}version`);
    const field = resource.fields.get(name);
    if (!field) {
      // What is resolved by something else than this read, such as a page of children, hangs on the row's id.
      if (!name.startsWith('__') && resource.fields.has('id')) this.paths.add(`${prefix}id`);
      return;
    }
    if (field.kind !== 'nested' || field.columns) this.paths.add(prefix + name);
    else {
      const to = resource.relation(name).to();
      const before = this.paths.size;
      this.below(node.selectionSet, to, `${prefix}${name}.`);
      // Whatever is asked of the other row, `__typename` alone even, its being there has to be read.
      if (this.paths.size === before)
        this.paths.add(`${prefix}${name}.${to.fields.has('id') ? 'id' : to.ownFields()[0]}`);
    }
  }
  private each(set: SelectionSetNode | undefined, visit: (field: FieldNode) => void): void {
    for (const selection of set?.selections ?? []) {
      if (!this.included(selection)) continue;
      if (selection.kind === 'Field') visit(selection);
      else if (selection.kind === 'InlineFragment') this.each(selection.selectionSet, visit);
      else this.each(this.info.fragments[selection.name.value].selectionSet, visit);
    }
  }
  private included(node: SelectionSetNode['selections'][number]): boolean {
    return (node.directives ?? []).every((directive) => {
      const name = directive.name.value;
      if (name !== 'skip' && name !== 'include') return true;
      const value = directive.arguments?.find((a) => a.name.value === 'if')?.value;
      if (value?.kind === 'Variable') this.dynamic = true;
      const on =
        value?.kind === 'Variable'
          ? !!this.info.variableValues[value.name.value]
          : value?.kind === 'BooleanValue' && value.value;
      return on === (name === 'include');
    });
  }
}
/** The resolve info of the field, for `askOf`. */
export const Info = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.getArgByIndex<GraphQLResolveInfo>(3),
);
