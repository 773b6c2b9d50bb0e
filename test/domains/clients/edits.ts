import { patchOf, type Edited } from '#test/races/edits.js';
import type { ClientsWorld } from './world.js';

export const edits: Edited<ClientsWorld>[] = [
  {
    name: 'the name of a client',
    who: 'admin',
    field: 'name',
    prepare: async (world) => {
      const { id } = await world.makeClient();
      return patchOf(`/v1/clients/${id}`, 'name', 'Client', 'UpdateClientInput', id);
    },
  },
];
