import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import { goneTopic, testTopic, type NotificationsWorld } from './world.js';

const ofNotification = 'id topic title body data isRead readAt createdAt updatedAt version'.split(' ');
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });
const gone: Rest = { outcome: 'NOTIFICATION_NOT_FOUND' };

export function notificationCases({ notificationIds }: NotificationsWorld): SurfaceTable {
  const list = (name: string, query: string, args: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', `/v1/notifications${query && `?${query}`}`],
    graphql: ['notifications', args],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `shows ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', `/v1/notifications/${id}`],
    graphql: ['notification', { id }],
    ...rest,
  });
  const mark =
    (verb: 'read' | 'unread') =>
    (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
      name: `marks as ${verb}: ${name}`,
      as: 'ada',
      outcome: 'OK',
      rest: ['POST', `/v1/notifications/${id}/${verb}`],
      graphql: [`${verb}Notification`, { id }],
      ...rest,
    });
  const asRead = mark('read');
  const asUnread = mark('unread');
  const remove = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `deletes ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['DELETE', `/v1/notifications/${id}`],
    graphql: ['deleteNotification', { id }],
    ...rest,
  });
  const { unread, read: wasRead, gone: ofGoneTopic, ofGrace } = notificationIds;
  const refusedFilter = { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true };
  return {
    list: ofNotification,
    document: ofNotification,
    cases: [
      list('all, the newest first', '', {}, { rows: 3 }),
      list('the oldest first', 'sort=createdAt', { sort: [{ field: 'CREATED_AT' }] }, { rows: 3 }),
      list('what is unread', 'isRead=false', { filter: { isRead: { eq: false } } }, { rows: 2 }),
      list('what is read, counted', 'isRead=true&count=true', { filter: { isRead: { eq: true } } }, { rows: 1 }),
      list('a topic', `topic=${testTopic.name}`, { filter: { topic: { eq: testTopic.name } } }, { rows: 2 }),
      list(
        'topics',
        `topic=${testTopic.name},${goneTopic}`,
        { filter: { topic: { in: [testTopic.name, goneTopic] } } },
        { rows: 3 },
      ),
      list('nothing of a topic that there is not', 'topic=x', { filter: { topic: { eq: 'x' } } }, { rows: 0 }),
      list(
        'a time',
        'createdAt[gte]=2026-01-02T00:00:00Z&createdAt[lt]=2026-01-03T00:00:00Z',
        { filter: { createdAt: { gte: '2026-01-02T00:00:00Z', lt: '2026-01-03T00:00:00Z' } } },
        { rows: 1 },
      ),
      list('a first page', 'limit=1', { first: 1 }, { rows: 1 }),
      list('titles alone', '', {}, { fields: ['title'], rows: 3 }),
      list('one’s own, whoever is asked for', `id[in]=${unread},${ofGrace}`, {
        filter: { id: { in: [unread, ofGrace] } },
      }),
      list('nothing of others for support', '', {}, { as: 'support', rows: 0 }),
      list('nothing of others for an admin', '', {}, { as: 'admin', rows: 0 }),
      list('nothing for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      list('not by title', 'title=x', { filter: { title: { eq: 'x' } } }, refusedFilter),
      list('not by data', 'data[contains]=x', { filter: { data: { contains: 'x' } } }, refusedFilter),
      list('not by user', `userId=${nowhere}`, { filter: { userId: { eq: nowhere } } }, refusedFilter),
      list(
        'not sorted by title',
        'sort=title',
        { sort: [{ field: 'TITLE' }] },
        { outcome: 'SORT_NOT_ALLOWED', refusedBySchema: true },
      ),
      list(
        'not by what is no truth',
        'isRead=maybe',
        { filter: { isRead: { eq: 'maybe' } } },
        { ...failed('isRead TYPE'), refusedBySchema: true },
      ),

      read('one that is unread', unread, { shows: { title: 'For the test', isRead: false, readAt: null } }),
      read('one that is read', wasRead, { shows: { isRead: true, readAt: '2026-01-02T09:00:00.123Z' } }),
      read('one whose topic nobody knows', ofGoneTopic, { shows: { topic: goneTopic, title: 'Notification' } }),
      read('body and state', unread, { fields: ['body', 'isRead'] }),
      read('nothing of another', ofGrace, gone),
      read('nothing of another to support', unread, { as: 'support', ...gone }),
      read('nothing of another to an admin', unread, { as: 'admin', ...gone }),
      read('nothing that there is not', nowhere, gone),
      read('nothing by what is no id', 'latest', gone),
      read('nothing to anonymous', unread, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),

      asRead('one', unread, { shows: { isRead: true, version: 2 } }),
      asRead('one that is, and stays as it is', wasRead, {
        shows: { readAt: '2026-01-02T09:00:00.123Z', version: 1 },
      }),
      asRead('on the right version', unread, { ifMatch: '"1.x"' }),
      asRead('not on an old version', unread, { ifMatch: '"7"', outcome: 'PRECONDITION_FAILED' }),
      asRead('not another’s', ofGrace, gone),
      asRead('not another’s by an admin', unread, { as: 'admin', ...gone }),
      asRead('nothing by anonymous', unread, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      asUnread('one', wasRead, { shows: { isRead: false, readAt: null, version: 2 } }),
      asUnread('one that is, and stays as it is', unread, { shows: { version: 1 } }),
      asUnread('not on an old version', wasRead, { ifMatch: '"7"', outcome: 'PRECONDITION_FAILED' }),
      asUnread('not another’s', ofGrace, gone),
      asUnread('nothing while suspended', unread, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),

      remove('one', unread),
      remove('not on an old version', unread, { ifMatch: '"7"', outcome: 'PRECONDITION_FAILED' }),
      remove('not another’s', ofGrace, gone),
      remove('not another’s by an admin', unread, { as: 'admin', ...gone }),
      remove('nothing by anonymous', unread, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    ],
  };
}

/** What is asked of all of them at once; the answer is a count and no notification. */
export function unreadCases(): SurfaceTable {
  const count = (name: string, rest: Rest = {}): SurfaceCase => ({
    name: `counts ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', '/v1/notifications/unread-count'],
    graphql: ['unreadNotificationCount'],
    ...rest,
  });
  const readAll = (name: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['POST', '/v1/notifications/read-all', input],
    graphql: ['readAllNotifications', input === undefined ? {} : { input }],
    ...rest,
  });
  return {
    list: [],
    document: ['count', 'isExact'],
    cases: [
      count('what is unread', { shows: { count: 2, isExact: true } }),
      count('nothing of others for an admin', { as: 'admin', shows: { count: 0 } }),
      count('nothing for anonymous', { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      count('nothing for the suspended', { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      count('not by topic', {
        rest: ['GET', '/v1/notifications/unread-count?topic=x'],
        graphql: ['unreadNotificationCount', { topic: 'x' }],
        outcome: 'FILTER_NOT_ALLOWED',
        refusedBySchema: true,
      }),
      readAll('all', undefined, { shows: { count: 0, isExact: true } }),
      readAll('all with nothing said', {}, { shows: { count: 0 } }),
      readAll('all with no time', { upTo: null }, { shows: { count: 0 } }),
      readAll('what was seen', { upTo: '2026-01-03T08:00:00.499Z' }, { shows: { count: 1 } }),
      readAll(
        'what was seen, the last one included',
        { upTo: '2026-01-03T09:00:00.500+01:00' },
        { shows: { count: 0 } },
      ),
      readAll('what was seen, by another', { upTo: '2026-01-01T00:00:00Z' }, { as: 'grace', shows: { count: 1 } }),
      readAll('nothing up to what is no time', { upTo: 'yesterday' }, failed('upTo FORMAT')),
      readAll('nothing up to a day that there is not', { upTo: '2026-02-31T00:00:00Z' }, failed('upTo FORMAT')),
      readAll('nothing with an unknown field', { userId: nowhere }, failed('userId UNKNOWN_FIELD')),
      readAll('nothing for anonymous', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      readAll('nothing while suspended', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    ],
  };
}
