import type { Call, Path } from '#test/harness/domain-tests.js';

/** The usual requests, in both languages. */
export const list = (path: string, field: string, ids: readonly string[]): Call => ({
  rest: ['GET', `/v1/${path}?id[in]=${ids.join()}`],
  graphql: [field, { filter: { id: { in: ids } } }],
});
export const read = (path: string, field: string, id: string): Call => ({
  rest: ['GET', `/v1/${path}/${id}`],
  graphql: [field, { id }],
});
export const create = (path: string, field: string, input: object): Call => ({
  rest: ['POST', `/v1/${path}`, input],
  graphql: [field, { input }],
});
export const update = (path: string, field: string, id: string, input: object): Call => ({
  rest: ['PATCH', `/v1/${path}/${id}`, input],
  graphql: [field, { id, input }],
});
export const remove = (path: string, field: string, id: string): Call => ({
  rest: ['DELETE', `/v1/${path}/${id}`],
  graphql: [field, { id }],
});
/** A command of its own name: `POST /v1/users/{id}/suspend`, `suspendUser`. */
export const command = (path: string, verb: string, field: string, id: string, input?: object): Call => ({
  rest: ['POST', `/v1/${path}/${id}/${verb}`, input],
  graphql: [field, { id, ...(input && { input }) }],
});
export const path = (query: string, variables: object, count: (data: any) => number): Path => ({
  query,
  variables: variables as Path['variables'],
  count,
});
export const present = (values: readonly unknown[]): number =>
  values.filter((v) => v !== null && v !== undefined).length;
