import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 *
 * An inbox is its owner's. Not even an admin, who may do everything else, learns what others were told.
 */
export const expected: Expected = {
  operations: rows(`
  operation                  | situation                  | anonymous | ada | grace | support | manager | admin | suspended
  listNotifications          | one of Ada’s, one of Grace | login     | 1   | 1     | 0       | 0       | 0     | locked
  getNotification            | one’s own                  | login     | ok  | ok    | ok      | ok      | ok    | locked
  getNotification            | Ada’s                      | login     | ok  | gone  | gone    | gone    | gone  | locked
  getNotification            | there is none              | login     | gone| gone  | gone    | gone    | gone  | locked
  getUnreadNotificationCount | the count                  | login     | ok  | ok    | ok      | ok      | ok    | locked
  readNotification           | one’s own                  | login     | ok  | ok    | ok      | ok      | ok    | locked
  readNotification           | Ada’s                      | login     | ok  | gone  | gone    | gone    | gone  | locked
  unreadNotification         | one’s own                  | login     | ok  | ok    | ok      | ok      | ok    | locked
  unreadNotification         | Ada’s                      | login     | ok  | gone  | gone    | gone    | gone  | locked
  readAllNotifications       | up to some time            | login     | ok  | ok    | ok      | ok      | ok    | locked
  deleteNotification         | one’s own                  | login     | ok  | ok    | ok      | ok      | ok    | locked
  deleteNotification         | Ada’s                      | login     | ok  | gone  | gone    | gone    | gone  | locked
  `),
  nested: rows(`
  path               | situation                       | anonymous | ada | grace | support | manager | admin | suspended
  User.notifications | of all users, Ada’s and Grace’s | login     | 1   | 1     | 0       | 0       | 0     | locked
  User.notifications | of Ada, by her id               | login     | 1   | gone  | 0       | 0       | 0     | locked
  User.notifications | of the caller                   | login     | 1   | 1     | 0       | 0       | 0     | locked
  User.notifications | counted, of all users           | login     | 1   | 1     | 0       | 0       | 0     | locked
  `),
  inputs: {
    readNotification: [],
    unreadNotification: [],
    readAllNotifications: ['upTo'],
    deleteNotification: [],
  },
  // An inbox is something that every account has.
  external: {
    'getNotification, one’s own': 'gone',
    'readNotification, one’s own': 'gone',
    'unreadNotification, one’s own': 'gone',
    'deleteNotification, one’s own': 'gone',
  },
  service: {
    listNotifications: 'no',
    getNotification: 'no',
    getUnreadNotificationCount: 'no',
    readNotification: 'no',
    unreadNotification: 'no',
    readAllNotifications: 'no',
    deleteNotification: 'no',
    'User.notifications, of the caller': 'account',
  },
  temptations: ['topic', 'title', 'data', 'isRead', 'readAt'],
};
