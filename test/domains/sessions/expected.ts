import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 *
 * Users see and end their own. Support sees those of others, but not from where; only admins end them.
 */
export const expected: Expected = {
  operations: rows(`
  operation      | situation                  | anonymous | ada  | grace | support | manager | admin | suspended
  listSessions   | two of Ada’s, one of Grace | login     | 2    | 1     | 3       | 0       | 3     | locked
  getSession     | one’s own                  | login     | ok   | ok    | ok      | ok      | ok    | locked
  getSession     | Ada’s                      | login     | ok   | gone  | ok      | gone    | ok    | locked
  getSession     | there is none              | login     | gone | gone  | gone    | gone    | gone  | locked
  endSession     | one’s own                  | login     | ok   | ok    | ok      | ok      | ok    | locked
  endSession     | Ada’s                      | login     | ok   | gone  | no      | gone    | ok    | locked
  endAllSessions | one’s own                  | login     | ok   | ok    | ok      | ok      | ok    | locked
  endAllSessions | Ada’s                      | login     | ok   | no    | no      | no      | ok    | locked
  `),
  nested: rows(`
  path          | situation                       | anonymous | ada | grace | support | manager | admin | suspended
  User.sessions | of all users, Ada’s and Grace’s | login     | 2   | 1     | 3       | 0       | 3     | locked
  User.sessions | of Ada, by her id               | login     | 2   | gone  | 2       | 0       | 2     | locked
  User.sessions | of the caller                   | login     | 2   | 1     | 0       | 0       | 0     | locked
  `),
  fields: rows(`
  field      | of    | anonymous | ada   | grace | support | manager | admin | suspended
  Session.ip | ada   | –         | shown | –     | hidden  | –       | shown | –
  Session.ip | grace | –         | –     | shown | hidden  | –       | shown | –
  Session.ip | support | –       | –     | –     | shown   | –       | shown | –
  `),
  inputs: {
    endSession: [],
    endAllSessions: ['userId', 'exceptCurrent'],
  },
  external: { 'endSession, one’s own': 'no', 'Session.ip, support': 'hidden' },
  // Only accounts are signed in to anything.
  service: {
    endSession: 'no',
    endAllSessions: 'no',
    'User.sessions, of the caller': 'account',
    'Session.ip, support': 'hidden',
  },
  temptations: ['ip', 'device', 'endReason', 'endedAt', 'lastSeenAt', 'expiresAt', 'actedBy'],
};
