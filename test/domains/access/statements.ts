import { randomBytes } from 'node:crypto';
import type { StatementRow } from '#test/harness/domain-tests.js';
import type { AccessWorld } from './world.js';

const rules = [{ action: ['read'], subject: 'User' }];
export const statements: { rows: StatementRow<AccessWorld>[] } = {
  rows: [
    { name: 'a list of roles', sent: 1, ask: ({ clients }) => clients.admin.get('/v1/roles') },
    {
      // begin, insert, read, two for the audit trail, commit; the source here sends none for what is in force then.
      name: 'a new role',
      sent: 6,
      ask: ({ clients }) => clients.admin.post('/v1/roles', { name: `n-${randomBytes(6).toString('hex')}`, rules }),
    },
    {
      name: 'rules that may not be stored',
      sent: 0,
      ask: ({ clients }) => clients.support.post('/v1/roles', { name: 'not-by-support', rules }),
    },
  ],
};
