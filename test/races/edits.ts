import type { TestClient } from '#libs/testing/clients.js';
import type { CallerName } from '#test/harness/callers.js';
import { atOnce, tally, type Api, type Call } from './parallel.js';

interface Callers {
  readonly clients: Readonly<Record<CallerName, TestClient>>;
}
export interface Edited<W> {
  readonly name: string;
  readonly who: CallerName;
  /** Path of the document before it is edited, and the edit that writes `text` into it. */
  prepare(world: W): Promise<{ path: string; edit: (text: string) => Call }>;
  /** The field that holds the text. */
  readonly field: string;
}
export const edit =
  (method: string, path: string, mutation: string, types: string, field: string, variables: object) =>
  (text: string): Call => ({
    method,
    path,
    body: { [field]: text },
    mutation,
    types: `${types}, $ifMatch: String`,
    variables: { ...variables, input: { [field]: text } },
    selection: `${field} version etag`,
  });
/** Of a resource with a field that holds a text: `PATCH` and `updateX`. */
export const patchOf = (path: string, field: string, type: string, input: string, id: string) => ({
  path,
  edit: edit(
    'PATCH',
    path,
    `update${type}(id: $id, input: $input, ifMatch: $ifMatch)`,
    `$id: ID!, $input: ${input}!`,
    field,
    { id },
  ),
});
/** Fifty edits that all stand on the same version. */
export async function raceOfEdits<W extends Callers>(world: W, api: Api, { who, field, prepare }: Edited<W>) {
  const client = world.clients[who];
  const { path, edit: editTo } = await prepare(world);
  const before = await client.get(path);
  const ifMatch = before.headers.get('etag')!;
  const outcomes = await atOnce(
    client,
    api,
    Array.from({ length: 50 }, (_, i) => ({ ...editTo(`${api} edit ${i}`), ifMatch })),
  );
  const after = await client.get(path);
  return {
    told: tally(outcomes),
    winners: outcomes.filter((o) => o.code === 'OK').map((o) => o.body[field] as string),
    stored: after.body[field] as string,
    versions: (after.body.version as number) - (before.body.version as number),
  };
}
