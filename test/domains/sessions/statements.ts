import type { StatementRow } from '#test/harness/domain-tests.js';
import type { SessionsWorld } from './world.js';

const texts = (first: number) => `{ sessions(first: ${first}) { nodes { clientName device isCurrent } } }`;
export const statements: { rows: StatementRow<SessionsWorld>[] } = {
  rows: [
    { name: 'a list by REST', sent: 1, ask: ({ clients }) => clients.ada.get('/v1/sessions') },
    ...[1, 100].map((first) => ({
      name: `${first} by GraphQL`,
      sent: 1,
      ask: ({ clients }: SessionsWorld) => clients.ada.graphql(texts(first)),
    })),
    {
      name: 'one by REST',
      sent: 1,
      ask: ({ clients, sessionIds }) => clients.ada.get(`/v1/sessions/${sessionIds.phone}`),
    },
    {
      name: 'to end one',
      sent: 9,
      ask: ({ clients, sessionIds }) => clients.ada.post(`/v1/sessions/${sessionIds.phone}/end`),
    },
    {
      name: 'to end one that is over',
      sent: 4,
      ask: ({ clients, sessionIds }) => clients.ada.post(`/v1/sessions/${sessionIds.over}/end`),
    },
    { name: 'to end all', sent: 8, ask: ({ clients }) => clients.ada.post('/v1/sessions/end-all') },
    { name: 'nobody’s', sent: 0, ask: ({ clients }) => clients.anonymous.get('/v1/sessions') },
  ],
};
