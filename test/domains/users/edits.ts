import { edit, type Edited } from '#test/races/edits.js';
import type { UsersWorld } from './world.js';

const path = '/v1/users/me';
export const edits: Edited<UsersWorld>[] = [
  {
    name: 'the own name',
    who: 'grace',
    field: 'displayName',
    prepare: () =>
      Promise.resolve({
        path,
        edit: edit(
          'PATCH',
          path,
          'updateMe(input: $input, ifMatch: $ifMatch)',
          '$input: UpdateProfileInput!',
          'displayName',
          {},
        ),
      }),
  },
];
