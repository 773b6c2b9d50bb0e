import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 */
export const expected: Expected = {
  operations: rows(`
  operation       | situation                  | anonymous | ada    | grace | support | manager | admin  | suspended
  listRoles       | all                        | login     | no     | no    | no      | no      | 4      | locked
  getRole         | a built-in one             | login     | no     | no    | no      | no      | ok     | locked
  createRole      | one                        | login     | no     | no    | no      | no      | ok     | locked
  updateRole      | one of an admin            | login     | no     | no    | no      | no      | ok     | locked
  updateRole      | a built-in one             | login     | no     | no    | no      | no      | ok     | locked
  deleteRole      | one of an admin            | login     | no     | no    | no      | no      | ok     | locked
  deleteRole      | a built-in one             | login     | no     | no    | no      | no      | fixed  | locked
  getMyPermissions      | one’s own            | login     | ok     | ok    | ok      | ok      | ok     | locked
  explainMyPermission   | reading users        | login     | ok     | ok    | ok      | ok      | ok     | locked
  getUserPermissions    | of a customer        | login     | no     | no    | no      | no      | ok     | locked
  getUserPermissions    | there is none        | login     | no     | no    | no      | no      | gone   | locked
  explainUserPermission | of a customer        | login     | no     | no    | no      | no      | ok     | locked
  `),
  inputs: {
    createRole: ['id', 'name', 'description', 'rules'],
    updateRole: ['description', 'rules'],
    deleteRole: [],
  },
  temptations: ['rules', 'builtIn'],
  service: { getMyPermissions: 'account', explainMyPermission: 'account' },
  refusals: { fixed: 'ROLE_BUILT_IN' },
};
