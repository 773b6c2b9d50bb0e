import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 *
 * Users see what was done to their account, and all of what they did themselves; the rest is for admins.
 */
export const expected: Expected = {
  operations: rows(`
  operation        | situation                        | anonymous | ada  | grace | support | manager | admin | suspended
  listAuditEntries | three about Ada, one about Grace | login     | 3    | 1     | 0       | 0       | 4     | locked
  getAuditEntry    | by Ada about Ada                 | login     | ok   | gone  | gone    | gone    | ok    | locked
  getAuditEntry    | by an admin about Ada            | login     | ok   | gone  | gone    | gone    | ok    | locked
  getAuditEntry    | there is none                    | login     | gone | gone  | gone    | gone    | gone  | locked
  `),
  // Of: who did it.
  fields: rows(`
  field                | of        | anonymous | ada    | grace  | support | manager | admin | suspended
  AuditEntry.actor     | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.actor     | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.actor     | anonymous | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.actor     | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.actorId   | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.actorId   | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.actorId   | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.clientId  | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.clientId  | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.clientId  | anonymous | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.clientId  | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.sessionId | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.sessionId | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.sessionId | anonymous | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.sessionId | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.ip        | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.ip        | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.ip        | anonymous | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.ip        | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.userAgent | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.userAgent | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.userAgent | anonymous | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.userAgent | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.before    | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.before    | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.before    | anonymous | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.before    | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.after     | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.after     | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.after     | anonymous | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.after     | grace     | –         | –      | shown  | –       | –       | shown | –
  AuditEntry.erased    | ada       | –         | shown  | –      | –       | –       | shown | –
  AuditEntry.erased    | admin     | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.erased    | anonymous | –         | hidden | –      | –       | –       | shown | –
  AuditEntry.erased    | grace     | –         | –      | shown  | –       | –       | shown | –
  `),
  // What was done to an account is for the account.
  service: { listAuditEntries: 'no', getAuditEntry: 'no' },
  inputs: {},
  temptations: ['action', 'outcome', 'personId', 'before', 'after'],
};
