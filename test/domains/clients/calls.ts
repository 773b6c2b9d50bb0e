import { nowhere } from '#test/harness/callers.js';
import type { Calls } from '#test/harness/domain-tests.js';
import { command, create, list, read, remove, update } from '#test/matrix/calls.js';
import type { ClientsWorld } from './world.js';

export const calls: Calls<ClientsWorld> = {
  listClients: { two: (w) => list('clients', 'clients', w.clientRows) },
  getClient: {
    one: (w) => read('clients', 'client', w.clientRows[0]),
    'there is none': () => read('clients', 'client', nowhere),
  },
  createClient: { one: () => create('clients', 'createClient', { name: 'Acme Reports', kind: 'SERVICE' }) },
  updateClient: {
    one: async (w) => update('clients', 'updateClient', (await w.makeClient()).id, { name: 'Acme Reports' }),
  },
  disableClient: { one: async (w) => command('clients', 'disable', 'disableClient', (await w.makeClient()).id) },
  enableClient: { one: async (w) => command('clients', 'enable', 'enableClient', (await w.makeClient('web')).id) },
  rotateClientSecret: {
    one: async (w) => command('clients', 'rotate-secret', 'rotateClientSecret', (await w.makeClient()).id, {}),
  },
  deleteClient: { one: async (w) => remove('clients', 'deleteClient', (await w.makeClient()).id) },
};
