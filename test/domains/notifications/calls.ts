import { nowhere, type AccountName } from '#test/harness/callers.js';
import type { Calls, Paths } from '#test/harness/domain-tests.js';
import { command, list, path, read, remove } from '#test/matrix/calls.js';
import type { Caller } from '#test/matrix/expectations.js';
import type { NotificationsWorld } from './world.js';

const own = (w: NotificationsWorld, caller: Caller) =>
  w.makeNotification(caller === 'anonymous' ? 'ada' : (caller satisfies AccountName));
const both = (w: NotificationsWorld) => [w.notificationIds.unread, w.notificationIds.ofGrace];
const marked = (verb: string, id: string) => command('notifications', verb, `${verb}Notification`, id);
const upTo = '2026-01-01T00:00:00Z';

export const calls: Calls<NotificationsWorld> = {
  listNotifications: { 'one of Ada’s, one of Grace': (w) => list('notifications', 'notifications', both(w)) },
  getNotification: {
    'one’s own': async (w, caller) => read('notifications', 'notification', await own(w, caller)),
    'Ada’s': (w) => read('notifications', 'notification', w.notificationIds.read),
    'there is none': () => read('notifications', 'notification', nowhere),
  },
  getUnreadNotificationCount: {
    'the count': () => ({
      rest: ['GET', '/v1/notifications/unread-count'],
      graphql: ['unreadNotificationCount', {}],
    }),
  },
  readNotification: {
    'one’s own': async (w, caller) => marked('read', await own(w, caller)),
    'Ada’s': async (w) => marked('read', await w.makeNotification()),
  },
  unreadNotification: {
    'one’s own': async (w, caller) => marked('unread', await own(w, caller)),
    'Ada’s': async (w) => marked('unread', await w.makeNotification()),
  },
  readAllNotifications: {
    'up to some time': () => ({
      rest: ['POST', '/v1/notifications/read-all', { upTo }],
      graphql: ['readAllNotifications', { input: { upTo } }],
    }),
  },
  deleteNotification: {
    'one’s own': async (w, caller) => remove('notifications', 'deleteNotification', await own(w, caller)),
    'Ada’s': async (w) => remove('notifications', 'deleteNotification', await w.makeNotification()),
  },
};

const ofNotification = 'id topic title body data isRead readAt etag';
const ids = '$ids: [ID!]!';
const theirs = (selection: string) => `notifications(filter: { id: { in: $ids } }) { ${selection} }`;
export const paths: Paths<NotificationsWorld> = {
  'User.notifications': {
    'of all users, Ada’s and Grace’s': (w) =>
      path(
        `query ($users: [ID!]!, ${ids}) { users(filter: { id: { in: $users } }) { nodes { ${theirs(`nodes { ${ofNotification} }`)} } } }`,
        { users: Object.values(w.ids), ids: both(w) },
        (data) => data.users.nodes.flatMap((user: any) => user.notifications.nodes).length,
      ),
    'of Ada, by her id': (w) =>
      path(
        `query ($id: ID!, ${ids}) { user(id: $id) { ${theirs(`nodes { ${ofNotification} }`)} } }`,
        { id: w.ids.ada, ids: both(w) },
        (data) => data.user.notifications.nodes.length,
      ),
    'of the caller': (w) =>
      path(
        `query (${ids}) { me { ${theirs(`edges { cursor node { ${ofNotification} } }`)} } }`,
        { ids: both(w) },
        (data) => data.me.notifications.edges.length,
      ),
    'counted, of all users': (w) =>
      path(
        `query ($users: [ID!]!, ${ids}) { users(filter: { id: { in: $users } }) { nodes { ${theirs('totalCount totalCountIsExact')} } } }`,
        { users: Object.values(w.ids), ids: both(w) },
        (data) => data.users.nodes.reduce((sum: number, user: any) => sum + user.notifications.totalCount, 0),
      ),
  },
};
