import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 *
 * Which apps and services there are, and what they may ask for, is for admins.
 */
export const expected: Expected = {
  operations: rows(`
  operation          | situation     | anonymous | ada | grace | support | manager | admin | suspended
  listClients        | two           | login     | no  | no    | no      | no      | 2     | locked
  getClient          | one           | login     | no  | no    | no      | no      | ok    | locked
  getClient          | there is none | login     | no  | no    | no      | no      | gone  | locked
  createClient       | one           | login     | no  | no    | no      | no      | ok    | locked
  updateClient       | one           | login     | no  | no    | no      | no      | ok    | locked
  disableClient      | one           | login     | no  | no    | no      | no      | ok    | locked
  enableClient       | one           | login     | no  | no    | no      | no      | ok    | locked
  rotateClientSecret | one           | login     | no  | no    | no      | no      | ok    | locked
  deleteClient       | one           | login     | no  | no    | no      | no      | ok    | locked
  `),
  inputs: {
    createClient: `id clientId name kind authMethod redirectUris postLogoutRedirectUris backchannelLogoutUri scopes
      roles contacts jwks`.split(/\s+/),
    updateClient: `name authMethod redirectUris postLogoutRedirectUris backchannelLogoutUri scopes roles contacts
      jwks`.split(/\s+/),
    disableClient: [],
    enableClient: [],
    rotateClientSecret: ['keepPreviousForHours'],
    deleteClient: [],
  },
  temptations: ['isFirstParty', 'isDisabled', 'secrets', 'secret', 'kind', 'clientId'],
};
