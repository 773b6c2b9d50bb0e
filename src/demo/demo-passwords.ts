import type { DemoTable } from './demo-table.js';
import type { UserRow } from './demo-users.js';

/** Of every account that a developer signs in with. Known to everybody: demo data is not for production. */
export const demoPassword = 'try tandem out';
const hash = '$argon2id$v=19$m=19456,t=2,p=1$VR7EwH7DzPz0DXIoG6QWxw$T6luKQ4D4Khswl4FG9FdXzKbOrsKFs4995EOau9e69Y';

export const passwordTables = (_now: Date, users: readonly UserRow[]): DemoTable[] => {
  const ours = users.filter(({ email }) => email.endsWith('@tandem.example'));
  return [
    { name: 'passwords', columns: 'user_id uuid, hash text', rows: ours.map(({ id }) => ({ user_id: id, hash })) },
    {
      name: 'verified_emails',
      columns: 'user_id uuid, email text',
      rows: ours.map(({ id, email }) => ({ user_id: id, email })),
    },
  ];
};
