import type { DemoTable } from './demo-table.js';
import { passwordTables } from './demo-passwords.js';
import { makeUsers, type UserRow } from './demo-users.js';
import { shopTables } from './shop/demo-shop.js';

/** What domains add to the accounts, in the order in which their tables can be filled. */
const domains: readonly ((now: Date, users: readonly UserRow[]) => readonly DemoTable[])[] = [
  passwordTables,
  shopTables,
];
const userColumns =
  'id uuid, created_at timestamptz, updated_at timestamptz, email text, display_name text, status text, suspension_reason text, locale text, time_zone text, roles text[], preferences jsonb';

/** All demo data: the same for the same `now`. */
export function demoTables(now: Date): DemoTable[] {
  const users = makeUsers(now);
  return [{ name: 'users', columns: userColumns, rows: users }, ...domains.flatMap((tables) => tables(now, users))];
}
