import { patchOf, type Edited } from '#test/races/edits.js';
import type { AccessWorld } from './world.js';

export const edits: Edited<AccessWorld>[] = [
  {
    name: 'what a role is for',
    who: 'admin',
    field: 'description',
    prepare: async (world) => {
      const { id } = await world.makeRole();
      return patchOf(`/v1/roles/${id}`, 'description', 'Role', 'UpdateRoleInput', id);
    },
  },
];
