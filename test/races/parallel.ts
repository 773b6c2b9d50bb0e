import { setTimeout as delay } from 'node:timers/promises';
import type { TestClient } from '#libs/testing/clients.js';

/** What came of one request: `OK`, or the code of its error. */
export interface Outcome<T = any> {
  readonly code: string;
  readonly body: T;
  readonly details: { field: string; code: string }[];
  readonly etag: string | null;
}
/** One request over one of the APIs; `path` and `query` do the same. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Fields and arguments of the mutation, such as `suspendUser(id: $id)`, and its variables with their types. */
  readonly mutation: string;
  readonly types: string;
  readonly variables: Record<string, unknown>;
  readonly selection: string;
  readonly ifMatch?: string;
}
export const apis = ['REST', 'GraphQL'] as const;
export type Api = (typeof apis)[number];
const mostAttempts = 30;

async function ask(client: TestClient, api: Api, call: Call): Promise<Outcome & { retryAfter?: number }> {
  if (api === 'REST') {
    const headers = call.ifMatch === undefined ? undefined : { 'if-match': call.ifMatch };
    const { status, body, headers: answered } = await client.rest(call.method, call.path, { body: call.body, headers });
    const retryAfter = answered.get('retry-after');
    return {
      code: status < 300 ? 'OK' : (body.error.code as string),
      body,
      details: body.error?.details ?? [],
      etag: answered.get('etag'),
      ...(retryAfter !== null && { retryAfter: Number(retryAfter) }),
    };
  }
  const document = `mutation (${call.types}) { answer: ${call.mutation} { ${call.selection} } }`;
  const variables = { ...call.variables, ...(call.ifMatch !== undefined && { ifMatch: call.ifMatch }) };
  const { data, errors } = await client.graphql(document, variables);
  const extensions = errors[0]?.extensions as { code: string; details: []; retryAfter?: number } | undefined;
  return {
    code: extensions?.code ?? 'OK',
    body: data?.answer,
    details: extensions?.details ?? [],
    etag: data?.answer?.etag ?? null,
    retryAfter: extensions?.retryAfter,
  };
}
/**
 * Sends the calls at once, each as a client of the contract does: fifty requests for ten connections may be told that the
 * service is overloaded, that nothing was done and when to try again, and then try again.
 */
export function atOnce(client: TestClient, api: Api, calls: readonly Call[]): Promise<Outcome[]> {
  return Promise.all(
    calls.map(async (call) => {
      for (let attempt = 1; ; attempt++) {
        const outcome = await ask(client, api, call);
        if (outcome.code !== 'UNAVAILABLE' || attempt === mostAttempts) return outcome;
        if (!outcome.retryAfter) throw new Error('UNAVAILABLE without a time to try again');
        await delay(outcome.retryAfter * 1000);
      }
    }),
  );
}
/** How often each code came. */
export function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
