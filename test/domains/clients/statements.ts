import type { StatementRow } from '#test/harness/domain-tests.js';
import type { ClientsWorld } from './world.js';

export const statements: { rows: StatementRow<ClientsWorld>[] } = {
  rows: [
    { name: 'a list', sent: 1, ask: ({ clients }) => clients.admin.get('/v1/clients?limit=20') },
    {
      name: 'a client by GraphQL',
      sent: 1,
      ask: ({ clients, clientRows }) => clients.admin.graphql(`{ client(id: "${clientRows[0]}") { id scopes } }`),
    },
    {
      name: 'a change of a client',
      sent: 7,
      ask: ({ clients, clientRows }) => clients.admin.patch(`/v1/clients/${clientRows[0]}`, { name: 'Acme' }),
    },
    { name: 'a list for support', sent: 0, ask: ({ clients }) => clients.support.get('/v1/clients') },
    {
      name: 'a new one that is not valid',
      sent: 0,
      ask: ({ clients }) => clients.admin.post('/v1/clients', { id: 'x' }),
    },
  ],
};
