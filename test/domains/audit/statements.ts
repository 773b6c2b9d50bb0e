import type { StatementRow } from '#test/harness/domain-tests.js';
import type { AuditWorld } from './world.js';

export const statements: { rows: StatementRow<AuditWorld>[] } = {
  rows: [
    {
      name: 'a list without what is sealed',
      sent: 1,
      ask: ({ clients }) => clients.admin.get('/v1/audit-entries?fields=id,at,action,actor'),
    },
    {
      name: 'a list with the keys of all people in it',
      sent: 2,
      ask: ({ clients }) => clients.admin.get('/v1/audit-entries'),
    },
    {
      name: 'one by GraphQL, with a key',
      sent: 2,
      ask: ({ clients, entries }) =>
        clients.ada.graphql(`{ auditEntry(id: "${entries.byAda.id}") { id before after ip } }`),
    },
    {
      name: 'an act of an admin, with its entry and a key',
      sent: 9,
      ask: async ({ clients, makeUser }) =>
        clients.admin.post(`/v1/users/${await makeUser()}/suspend`, { reason: 'Test' }),
    },
    { name: 'nobody’s trail', sent: 0, ask: ({ clients }) => clients.anonymous.get('/v1/audit-entries') },
  ],
};
