import {
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { contractName } from '#libs/contract/fields.js';
import { allResources } from '#libs/database/resource.js';

/** Arguments of one field, by name. */
export type Arguments = Readonly<Record<string, unknown>>;
export interface GraphqlCall {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** The root field of this name. */
export function rootField(schema: GraphQLSchema, name: string) {
  const kinds = { query: schema.getQueryType(), mutation: schema.getMutationType() };
  for (const [kind, type] of Object.entries(kinds)) {
    const field = type?.getFields()[name];
    if (field) return { kind, field };
  }
  throw new Error(`the schema has no ${name}`);
}
/**
 * A document with one root field, its arguments as variables of the types that the schema says. An argument that the
 * schema does not have is passed all the same: to see it refused.
 */
export function graphqlCall(schema: GraphQLSchema, name: string, args: Arguments, selection: string): GraphqlCall {
  const { kind, field } = rootField(schema, name);
  const names = Object.keys(args);
  if (names.length === 0) return { query: `${kind} { ${name}${selection} }` };
  const typeOf = (arg: string) => String(field.args.find((a) => a.name === arg)?.type ?? 'String');
  const head = names.map((arg) => `$${arg}: ${typeOf(arg)}`).join(', ');
  const call = names.map((arg) => `${arg}: $${arg}`).join(', ');
  return { query: `${kind} (${head}) { ${name}(${call})${selection} }`, variables: { ...args } };
}

/** ` { id total { amount currency } lines { … } }` of paths; a relation without more is all that REST shows of one. */
export function selectionOf(type: GraphQLObjectType, paths: readonly string[]): string {
  const below = new Map<string, string[]>();
  for (const path of paths) {
    const [head, ...rest] = path.split('.');
    if (!below.has(head)) below.set(head, []);
    if (rest.length) below.get(head)!.push(rest.join('.'));
  }
  const parts = [...below].map(([name, more]) => {
    const field = type.getFields()[name];
    const of = field && getNamedType(field.type);
    if (!isObjectType(of)) return name;
    return name + selectionOf(of, more.length ? more : ownFields(of));
  });
  return ` { ${parts.join(' ')} }`;
}
/** Scalars, and values without an identity of their own, such as money. */
function ownFields(type: GraphQLObjectType): string[] {
  return Object.values(type.getFields())
    .filter((field) => field.name !== 'etag' && !isRelation(field))
    .map((field) => field.name);
}
/** Whether a field leads to other rows: to a list, a connection, or something with an id. */
export function isRelation(field: GraphQLField<unknown, unknown>): boolean {
  const of = getNamedType(field.type);
  if (!isObjectType(of)) return false;
  if ('id' in of.getFields() || 'nodes' in of.getFields()) return true;
  // A list of values, such as the rules of a role, is part of its row.
  const isRow = [...allResources()].some((resource) => contractName(resource.definition.view) === of.name);
  return isRow && isListType(getNullableType(field.type));
}
/** All that can be asked of a type, over `hops` relations; of connections below it the first two rows. */
export function everythingOf(type: GraphQLObjectType, hops: number): string {
  const parts = Object.values(type.getFields()).flatMap((field) => {
    const of = getNamedType(field.type);
    if (!isObjectType(of)) return [field.name];
    if (!isRelation(field)) return [field.name + everythingOf(of, 0)];
    if (hops === 0) return [];
    const { nodes } = of.getFields();
    if (!nodes) return [field.name + everythingOf(of, hops - 1)];
    const rows = everythingOf(getNamedType(nodes.type) as GraphQLObjectType, hops - 1);
    return [`${field.name}(first: 2) { nodes${rows} totalCount }`];
  });
  return ` { ${parts.join(' ')} }`;
}
