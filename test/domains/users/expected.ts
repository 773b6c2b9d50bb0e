import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 */
export const expected: Expected = {
  operations: rows(`
  operation       | situation                  | anonymous | ada    | grace | support | manager | admin  | suspended
  listUsers       | Ada and Grace              | login     | 1      | 1     | 2       | 2       | 2      | locked
  me              | the profile                | login     | ok     | ok    | ok      | ok      | ok     | locked
  updateMe        | the profile                | login     | ok     | ok    | ok      | ok      | ok     | locked
  getUser         | Ada                        | login     | ok     | gone  | ok      | ok      | ok     | locked
  getUser         | a suspended account        | login     | gone   | gone  | ok      | ok      | ok     | locked
  getUser         | there is none              | login     | gone   | gone  | gone    | gone    | gone   | locked
  suspendUser     | a customer                 | login     | no     | no    | no      | no      | ok     | locked
  suspendUser     | oneself                    | login     | no     | no    | no      | no      | self   | locked
  reactivateUser  | a suspended account        | login     | no     | no    | no      | no      | ok     | locked
  setUserRoles    | of a customer              | login     | no     | no    | no      | no      | ok     | locked
  setUserRoles    | of oneself                 | login     | no     | no    | no      | no      | ok     | locked
  `),
  fields: rows(`
  field                 | of        | anonymous | ada   | grace | support | manager | admin | suspended
  User.email            | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.email            | support   | –         | –     | –     | shown   | shown   | shown | –
  User.status           | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.status           | suspended | –         | –     | –     | shown   | shown   | shown | –
  User.suspensionReason | ada       | –         | never | –     | shown   | shown   | shown | –
  User.suspensionReason | grace     | –         | –     | never | shown   | shown   | shown | –
  User.suspensionReason | suspended | –         | –     | –     | shown   | shown   | shown | –
  User.locale           | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.timeZone         | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.roles            | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.roles            | admin     | –         | –     | –     | shown   | shown   | shown | –
  User.preferences      | ada       | –         | shown | –     | hidden  | hidden  | shown | –
  User.preferences      | grace     | –         | –     | shown | hidden  | hidden  | shown | –
  User.preferences      | support   | –         | –     | –     | shown   | hidden  | shown | –
  User.preferences      | manager   | –         | –     | –     | hidden  | shown   | shown | –
  User.preferences      | admin     | –         | –     | –     | hidden  | hidden  | shown | –
  `),
  inputs: {
    updateMe: ['displayName', 'locale', 'timeZone', 'preferences'],
    suspendUser: ['reason'],
    reactivateUser: [],
    setUserRoles: ['roles'],
  },
  temptations: ['email', 'suspensionReason', 'status'],
  service: { me: 'account', updateMe: 'account', 'User.preferences, support': 'hidden' },
  external: { 'User.preferences, support': 'hidden' },
  refusals: { self: 'SELF_SUSPENSION' },
};
