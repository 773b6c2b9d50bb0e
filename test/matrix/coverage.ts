import { getNamedType, isObjectType, type GraphQLSchema } from 'graphql';
import { contractName } from '#libs/contract/fields.js';
import { allResources } from '#libs/database/resource.js';
import { isRelation } from '#libs/testing/graphql-call.js';
import type { Operations } from '#libs/testing/operations.js';
import { callerNames, orderStatuses } from '#test/harness/world.js';
import { callers, fields, inputs, moveResults, moves, nested, operations, type Row } from './expected.js';

/** What can be called, asked, hidden or written and has no row in the expectations; rows that lack a caller. */
export function uncovered(found: Pick<Operations, 'rest'>, schema: GraphQLSchema): string[] {
  const missing: string[] = [];
  const expect = (what: string, names: Iterable<string>, rows: readonly string[]) => {
    const known = new Set(names);
    for (const name of known) if (!rows.includes(name)) missing.push(`${what} ${name} has no row`);
    for (const row of new Set(rows)) if (!known.has(row)) missing.push(`there is no ${what} ${row}`);
  };
  const named = (rows: readonly Row[]) => rows.map((row) => row.operation);
  const ids = found.rest.flatMap((o) => o.operationId ?? []);
  const writes = found.rest.filter((o) => !o.route.startsWith('GET ')).flatMap((o) => o.operationId ?? []);
  expect('operation', ids, named(operations));
  expect('write', writes, Object.keys(inputs));
  expect('path', relationsOf(schema), named(nested));
  expect(
    'field',
    [...allResources()].flatMap((r) => r.restrictable().map((f) => `${contractName(r.definition.view)}.${f.name}`)),
    named(fields),
  );
  expect(
    'move',
    Object.keys(moveResults).flatMap((verb) => orderStatuses.map((status) => `${verb} from ${status}`)),
    moves.map((row) => `${row.operation} from ${row.situation}`),
  );
  expect('caller', callerNames, callers);
  for (const row of [...operations, ...nested, ...fields, ...moves])
    for (const caller of callerNames)
      if (!row.outcomes[caller]) missing.push(`${row.operation}, ${row.situation}: nothing is said of ${caller}`);
  return missing;
}
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
