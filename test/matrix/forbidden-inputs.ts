import { getNamedType, isObjectType } from 'graphql';
import type { Answer, GraphqlAnswer } from '#libs/testing/clients.js';
import { graphqlCall, rootField } from '#libs/testing/graphql-call.js';
import { servedSchema } from '#libs/testing/operations.js';
import { fingerprint } from '#libs/testing/snapshot.js';
import type { World } from '#test/harness/world.js';
import { inputs, temptations } from './expected.js';
import { calls } from './matrix.js';

/**
 * Sends everything to a command that it does not take, one at a time beside what it does take, by both APIs and as
 * somebody who may do everything. Tells what was not refused for that very field, and whether any row changed.
 */
export async function forbiddenInputs(w: World, operation: string): Promise<string[]> {
  const [make] = Object.values(calls[operation]);
  const call = await make(w, 'admin');
  const [method, path, body] = call.rest;
  const [name, args] = call.graphql;
  const { database, app } = w.app;
  const schema = servedSchema(app);
  const admin = w.clients.admin;
  const selection = isObjectType(getNamedType(rootField(schema, name).field.type)) ? ' { __typename }' : '';
  const takesInput = inputs[operation].length > 0;
  const before = await fingerprint(database);
  const one = async (field: string) => {
    const extra = { [field]: 'x' };
    const { query, variables } = graphqlCall(
      schema,
      name,
      { ...args, input: { ...(args.input as object), ...extra } },
      selection,
    );
    const graphql = await admin.graphql(query, variables);
    const wrong = takesInput ? unknownField('GraphQL', field, codesOf(graphql)) : [];
    // Without an input the schema has no argument for one, and REST does not look at a body at all.
    if (!takesInput && !graphql.code) wrong.push(`GraphQL took ${field}`);
    if (!takesInput) return wrong;
    const rest = await admin.rest(method, path, { body: { ...(body as object), ...extra } });
    return [...wrong, ...unknownField('REST', field, restCodesOf(rest))];
  };
  const wrong = (await Promise.all(temptations.filter((t) => !inputs[operation].includes(t)).map(one))).flat();
  if (before !== (await fingerprint(database))) wrong.push('rows have changed');
  return wrong.map((text) => `${operation}: ${text}`);
}
interface Refusal {
  readonly code: string | undefined;
  readonly details: readonly { field: string; code: string }[];
}
const codesOf = (answer: GraphqlAnswer): Refusal => ({
  code: answer.code,
  details: answer.errors.flatMap((error) => error.extensions.details),
});
const restCodesOf = ({ body }: Answer): Refusal => ({ code: body?.error?.code, details: body?.error?.details ?? [] });

function unknownField(surface: string, field: string, { code, details }: Refusal): string[] {
  const isNamed = details.some((d) => d.field === field && d.code === 'UNKNOWN_FIELD');
  return code === 'VALIDATION_FAILED' && isNamed
    ? []
    : [`${surface} with ${field}: ${code ?? 'done'} ${details.map((d) => `${d.field} ${d.code}`).join(', ')}`];
}
