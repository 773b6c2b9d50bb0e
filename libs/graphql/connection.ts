import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { enumObject, type Type } from '#libs/contract/fields.js';
import { DateTime, SafeInt } from '#libs/contract/scalars.js';
import type { Listing } from '#libs/database/answers.js';
import type { FilterInput, ListInput } from '#libs/database/list.js';
import type { Column, Operator, Resource } from '#libs/database/resource.js';
import { enumCase, typeName } from '#libs/contract/names.js';
import type { ConnectionAsk } from './ask.js';

@ObjectType({ description: 'Where a page of a list ends.' })
export class PageInfo {
  @Field({ description: 'Whether there are more rows after this page.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row of this page: `after` for the next.' })
  endCursor!: string | null;
}
export interface ConnectionValue {
  nodes: object[];
  edges?: { node: object; cursor: string }[];
  pageInfo: PageInfo;
  totalCount?: number;
  totalCountIsExact?: boolean;
}
const rename = (type: Type, name: string) => Object.defineProperty(type, 'name', { value: name });

/** `@ObjectType() class OrderConnection extends Connection(orders) {}` */
export function Connection(resource: Resource): abstract new () => ConnectionValue {
  const name = typeName(resource.name);
  const { view } = resource.definition;
  class Edge {}
  rename(Edge, `${name}Edge`);
  Field(() => view, { description: 'The row.' })(Edge.prototype, 'node');
  Field(() => String, { description: 'Its position: `after` for the rows behind it.' })(Edge.prototype, 'cursor');
  ObjectType(Edge.name, { description: `A row of a list of ${resource.definition.plural} with its position.` })(Edge);
  abstract class Base {}
  const field = (key: string, type: unknown, description: string) =>
    Field((() => type) as never, { description })(Base.prototype, key);
  field('nodes', [view], 'The rows of this page.');
  field('edges', [Edge], 'The rows of this page with their cursors.');
  field('pageInfo', PageInfo, 'Where the page ends.');
  field('totalCount', Int, 'Rows of the whole list, counted up to 10,000.');
  field('totalCountIsExact', Boolean, 'False when there are more rows than were counted.');
  ObjectType({ isAbstract: true })(Base);
  return Base as never;
}

export interface ConnectionArguments {
  first?: number;
  after?: string;
  q?: string;
  filter?: FilterInput;
  sort?: { field: string; direction?: 'ASC' | 'DESC' | null }[];
}
const SortDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'The direction of a sort. Nothing (null) counts as the largest value.',
  valuesMap: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
});
const meaning: Record<Operator, string> = {
  eq: 'Equal.',
  ne: 'Not equal; nothing (null) is not equal to anything.',
  in: 'One of these, at most 100.',
  gt: 'Greater.',
  gte: 'Greater or equal.',
  lt: 'Less.',
  lte: 'Less or equal.',
  contains: 'Contains this text, in any letter case.',
  has: 'The list has this element.',
};
function scalarOf({ kind, field }: Column): unknown {
  if (kind === 'choice') return enumObject(field!.enumName!);
  return { id: ID, int: Int, bigint: SafeInt, flag: Boolean, instant: DateTime }[kind as string] ?? String;
}

/** `@ArgsType() class OrderListArgs extends ConnectionArgs(orders) {}`: the vocabulary of the REST list, typed. */
export function ConnectionArgs(resource: Resource): abstract new () => ConnectionArguments {
  const name = typeName(resource.name);
  const { plural } = resource.definition;
  abstract class Base {}
  const argument = (key: string, type: () => unknown, description: string, defaultValue?: unknown) =>
    Field(type as never, { nullable: true, description, ...(defaultValue !== undefined && { defaultValue }) })(
      Base.prototype,
      key,
    );
  argument('first', () => Int, `How many, at most ${resource.maxLimit}.`, resource.defaultLimit);
  argument('after', () => String, 'Cursor of the row to go on behind.');
  if (resource.definition.search) argument('q', () => String, 'Words to look for, each as the beginning of a word.');
  const filters = Object.entries(resource.filters);
  if (filters.length > 0) {
    class Filter {}
    rename(Filter, `${name}Filter`);
    for (const [column, operators] of filters) {
      class Operators {}
      rename(Operators, `${name}${typeName(column)}Filter`);
      // Columns are known when the database is bound, types of arguments are asked for later: hence the thunks.
      for (const operator of operators) {
        const type = () =>
          operator === 'in' ? [scalarOf(resource.column(column))] : scalarOf(resource.column(column));
        Field(type as never, { nullable: true, description: meaning[operator] })(Operators.prototype, operator);
      }
      InputType(Operators.name, {
        description: `How ${column} of ${plural} can be compared; all that are given must hold.`,
      })(Operators);
      Field(() => Operators, { nullable: true, description: `By ${column}.` })(Filter.prototype, column);
    }
    InputType(Filter.name, { description: `Which ${plural}; all that are given must hold.` })(Filter);
    argument('filter', () => Filter, `Only ${plural} like this.`);
  }
  if (resource.sorts.length > 0) {
    const SortField = Object.fromEntries(['id', ...resource.sorts].map((s) => [enumCase(s), s]));
    registerEnumType(SortField, {
      name: `${name}SortField`,
      description: `What ${plural} can be sorted by.`,
      valuesMap: Object.fromEntries(Object.entries(SortField).map(([key, s]) => [key, { description: `By ${s}.` }])),
    });
    class Sort {}
    rename(Sort, `${name}Sort`);
    Field((() => SortField) as () => object, { description: 'By what.' })(Sort.prototype, 'field');
    // Nullable, as compiled queries take what has a default and must not be null for missing when it is left out.
    Field(() => SortDirection, {
      nullable: true,
      defaultValue: SortDirection.ASC,
      description: 'In which direction; ascending unless told.',
    })(Sort.prototype, 'direction');
    InputType(Sort.name, { description: `One key by which ${plural} are sorted.` })(Sort);
    argument(
      'sort',
      () => [Sort],
      `Sort keys, the first one first; ${resource.definition.defaultSort ?? '-id'} unless told.`,
    );
  }
  ArgsType()(Base);
  return Base;
}
/** The arguments and the selection of a connection field as the input of a list. */
export function listInput(args: ConnectionArguments, ask: ConnectionAsk): ListInput {
  return {
    selection: ask.selection,
    nullHidden: true,
    filter: args.filter,
    q: args.q ?? undefined,
    sort: args.sort?.length ? args.sort.map((s) => (s.direction === 'DESC' ? '-' : '') + s.field).join() : undefined,
    after: args.after ?? undefined,
    limit: args.first ?? undefined,
    limitName: 'first',
    count: ask.count,
    peek: ask.hasNextPage,
    cursors: ask.edges || ask.endCursor,
  };
}
export function toConnection(listing: Listing, ask: ConnectionAsk): ConnectionValue {
  const { items } = listing.page;
  return {
    nodes: items,
    edges: ask.edges ? items.map((node, i) => ({ node, cursor: listing.cursor(i) })) : undefined,
    pageInfo: {
      hasNextPage: listing.page.hasMore,
      endCursor: ask.endCursor && items.length > 0 ? listing.cursor(items.length - 1) : null,
    },
    totalCount: listing.total?.count,
    totalCountIsExact: listing.total?.isExact,
  };
}
