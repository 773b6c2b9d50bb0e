import type { TestDatabase } from '#libs/testing/database.js';
import { instant } from '#test/lists/seeds.js';

export const seedRoles = (database: TestDatabase, each: number) =>
  database.sql(
    `insert into roles (id, name, description, created_at)
     select gen_random_uuid(), 'role-' || g, 'Made for tests', ${instant(11)} from generate_series(1, $1) g`,
    [each],
  );
