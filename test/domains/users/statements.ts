import type { StatementRow } from '#test/harness/domain-tests.js';
import type { UsersWorld } from './world.js';

export const statements: { rows: StatementRow<UsersWorld>[] } = {
  rows: [
    { name: 'the own profile by REST', sent: 1, ask: ({ clients }) => clients.ada.get('/v1/users/me') },
    { name: 'the own profile by GraphQL', sent: 1, ask: ({ clients }) => clients.ada.graphql('{ me { id email } }') },
    { name: 'a list', sent: 1, ask: ({ clients }) => clients.support.get('/v1/users?limit=3') },
    {
      name: 'a list with its count',
      sent: 2,
      ask: ({ clients }) => clients.support.get('/v1/users?limit=3&count=true'),
    },
    {
      name: 'a change of the own profile, with its audit entry',
      sent: 7,
      ask: ({ clients }) => clients.ada.patch('/v1/users/me', { displayName: 'Ada again' }),
    },
    { name: 'nobody’s profile', sent: 0, ask: ({ clients }) => clients.anonymous.get('/v1/users/me') },
    { name: 'the profile of the suspended', sent: 0, ask: ({ clients }) => clients.suspended.graphql('{ me { id } }') },
    {
      name: 'a change that is not valid',
      sent: 0,
      ask: ({ clients }) => clients.ada.patch('/v1/users/me', { displayName: '' }),
    },
  ],
};
