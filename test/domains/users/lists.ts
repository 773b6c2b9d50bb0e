import type { TestDatabase } from '#libs/testing/database.js';
import { adminId, instant } from '#test/lists/seeds.js';

export const seedUsers = (database: TestDatabase, each: number) =>
  database.sql(
    `insert into users (id, email, display_name, roles, created_at)
     select case g when 1 then $1::uuid else gen_random_uuid() end, 'user-' || g || '@tandem.example',
            (array['Ada', 'ada', 'Žofia', '😀', 'Ångström', '-'])[g % 6 + 1], case g when 1 then array['admin'] else array['customer'] end,
            ${instant(11)}
     from generate_series(1, $2) g`,
    [adminId, each],
  );
