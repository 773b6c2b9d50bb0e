import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 */
export const expected: Expected = {
  operations: rows(`
  operation | situation           | anonymous | ada | grace | support | manager | admin  | suspended
  actAsUser | a customer          | login     | no  | no    | ok      | no      | ok     | locked
  actAsUser | a manager           | login     | no  | no    | beyond  | no      | beyond | locked
  actAsUser | a suspended account | login     | no  | no    | beyond  | no      | beyond | locked
  actAsUser | there is none       | login     | no  | no    | gone    | no      | gone   | locked
  `),
  inputs: { actAsUser: ['reason'] },
  temptations: ['act', 'sub', 'scope', 'expiresAt'],
  // Who acts as somebody is somebody: there is an account to be named.
  service: {
    'actAsUser, a customer': 'account',
    'actAsUser, a manager': 'account',
    'actAsUser, a suspended account': 'account',
  },
  refusals: { beyond: 'ACTING_NOT_POSSIBLE' },
};
