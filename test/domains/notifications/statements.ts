import type { StatementRow } from '#test/harness/domain-tests.js';
import type { NotificationsWorld } from './world.js';

const texts = (first: number) => `{ notifications(first: ${first}) { nodes { title body data } } }`;
const profile = '{ me { displayName notifications(first: 5, filter: { isRead: { eq: false } }) { nodes { title } } } }';
export const statements: { rows: StatementRow<NotificationsWorld>[] } = {
  rows: [
    { name: 'a list by REST', sent: 1, ask: ({ clients }) => clients.ada.get('/v1/notifications') },
    {
      name: 'a list with its count by REST',
      sent: 2,
      ask: ({ clients }) => clients.ada.get('/v1/notifications?isRead=false&count=true'),
    },
    ...[1, 100].map((first) => ({
      name: `the texts of ${first} by GraphQL`,
      sent: 1,
      ask: ({ clients }: NotificationsWorld) => clients.ada.graphql(texts(first)),
    })),
    { name: 'profile and latest by GraphQL', sent: 2, ask: ({ clients }) => clients.ada.graphql(profile) },
    {
      name: 'one by REST',
      sent: 1,
      ask: ({ clients, notificationIds }) => clients.ada.get(`/v1/notifications/${notificationIds.read}`),
    },
    {
      name: 'the unread count by REST',
      sent: 1,
      ask: ({ clients }) => clients.ada.get('/v1/notifications/unread-count'),
    },
    {
      name: 'the unread count by GraphQL',
      sent: 1,
      ask: ({ clients }) => clients.ada.graphql('{ unreadNotificationCount { count isExact } }'),
    },
    {
      name: 'to read one',
      sent: 5,
      ask: ({ clients, notificationIds }) => clients.ada.post(`/v1/notifications/${notificationIds.unread}/read`),
    },
    {
      name: 'to read one that is read',
      sent: 4,
      ask: ({ clients, notificationIds }) => clients.ada.post(`/v1/notifications/${notificationIds.read}/read`),
    },
    { name: 'to read all', sent: 4, ask: ({ clients }) => clients.ada.post('/v1/notifications/read-all') },
    {
      name: 'to delete one',
      sent: 4,
      ask: ({ clients, notificationIds }) => clients.ada.delete(`/v1/notifications/${notificationIds.gone}`),
    },
    { name: 'nobody’s inbox', sent: 0, ask: ({ clients }) => clients.anonymous.get('/v1/notifications') },
    {
      name: 'the unread count of the suspended',
      sent: 0,
      ask: ({ clients }) => clients.suspended.get('/v1/notifications/unread-count'),
    },
    {
      name: 'to read all up to what is no time',
      sent: 0,
      ask: ({ clients }) => clients.ada.post('/v1/notifications/read-all', { upTo: 'now' }),
    },
  ],
};
