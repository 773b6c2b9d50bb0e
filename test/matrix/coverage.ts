import { getNamedType, isObjectType, type GraphQLSchema } from 'graphql';
import { contractName } from '#libs/contract/fields.js';
import { allResources } from '#libs/database/resource.js';
import { isRelation } from '#libs/testing/graphql-call.js';
import type { Operations } from '#libs/testing/operations.js';
import { exceptions } from '#test/surfaces/routes.js';
import { callerNames } from '#test/harness/callers.js';
import { callers, type Row } from './expectations.js';
import { fields, inputs, nested, ofTokens, operations } from './expected.js';

/** What can be called, asked, hidden or written and has no row in the expectations; rows that lack a caller. */
export function uncovered(found: Pick<Operations, 'rest'>, schema: GraphQLSchema): string[] {
  const missing: string[] = [];
  const expect = (what: string, names: Iterable<string>, rows: readonly string[]) => {
    const known = new Set(names);
    for (const name of known) if (!rows.includes(name)) missing.push(`${what} ${name} has no row`);
    for (const row of new Set(rows)) if (!known.has(row)) missing.push(`there is no ${what} ${row}`);
  };
  const named = (rows: readonly Row[]) => rows.map((row) => row.operation);
  const ids = found.rest.flatMap((o) => o.operationId ?? []).filter((id) => !Object.hasOwn(exceptions, id));
  const writes = found.rest.filter((o) => !o.route.startsWith('GET ')).flatMap((o) => o.operationId ?? []);
  expect('operation', ids, named(operations));
  expect('write', writes, Object.keys(inputs));
  expect('path', relationsOf(schema), named(nested));
  expect(
    'field',
    [...allResources()].flatMap((r) => r.restrictable().map((f) => `${contractName(r.definition.view)}.${f.name}`)),
    named(fields),
  );
  expect('caller', callerNames, callers);
  const said = new Set(
    [...operations, ...nested, ...fields].flatMap((r) => [r.operation, `${r.operation}, ${r.situation}`]),
  );
  for (const name of ofTokens)
    if (!said.has(name)) missing.push(`there is no ${name}, of which services or tokens of others are told`);
  return [...missing, ...silent([...operations, ...nested, ...fields])];
}
/** Rows that lack a caller. */
export const silent = (rows: readonly Row[]): string[] =>
  rows.flatMap((row) =>
    callerNames
      .filter((caller) => !row.outcomes[caller])
      .map((caller) => `${row.operation}, ${row.situation}: nothing is said of ${caller}`),
  );
/** `Type.field` of everything that leads from one row to others. */
function relationsOf(schema: GraphQLSchema): string[] {
  const roots = new Set(['Query', 'Mutation', 'Subscription']);
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || roots.has(type.name) || /^__|Connection$|Edge$/.test(type.name)) return [];
    return Object.values(type.getFields())
      .filter((field) => isRelation(field) && isObjectType(getNamedType(field.type)))
      .map((field) => `${type.name}.${field.name}`);
  });
}
