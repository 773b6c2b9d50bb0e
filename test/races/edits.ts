import type { CallerName, World } from '#test/harness/world.js';
import { atOnce, tally, type Api, type Call } from './parallel.js';

export interface Edited {
  readonly name: string;
  readonly who: CallerName;
  /** Path of the document before it is edited, and the edit that writes `text` into it. */
  prepare(world: World): Promise<{ path: string; edit: (text: string) => Call }>;
  /** The field that holds the text. */
  readonly field: string;
}
const edit =
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
export const edits: Edited[] = [
  {
    name: 'the note of a draft',
    who: 'ada',
    field: 'note',
    prepare: async (world) => {
      const id = await world.makeOrder('DRAFT');
      const path = `/v1/orders/${id}`;
      return {
        path,
        edit: edit(
          'PATCH',
          path,
          'updateOrder(id: $id, input: $input, ifMatch: $ifMatch)',
          '$id: ID!, $input: UpdateOrderInput!',
          'note',
          { id },
        ),
      };
    },
  },
  {
    name: 'the name of a product',
    who: 'manager',
    field: 'name',
    prepare: async (world) => {
      const id = await world.makeProduct();
      const path = `/v1/products/${id}`;
      return {
        path,
        edit: edit(
          'PATCH',
          path,
          'updateProduct(id: $id, input: $input, ifMatch: $ifMatch)',
          '$id: ID!, $input: UpdateProductInput!',
          'name',
          { id },
        ),
      };
    },
  },
  {
    name: 'the own name',
    who: 'grace',
    field: 'displayName',
    prepare: async () => {
      const path = '/v1/users/me';
      return {
        path,
        edit: edit(
          'PATCH',
          path,
          'updateMe(input: $input, ifMatch: $ifMatch)',
          '$input: UpdateProfileInput!',
          'displayName',
          {},
        ),
      };
    },
  },
];
/** Fifty edits that all stand on the same version. */
export async function raceOfEdits(world: World, api: Api, { who, field, prepare }: Edited) {
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
