import type { TestDatabase } from '#libs/testing/database.js';
import { adminId, instant } from '#test/lists/seeds.js';

export const seedSessions = (database: TestDatabase, each: number) =>
  database.sql(
    `insert into sessions (id, user_id, client_id, client_name, device, ip, last_seen_at, ended_at, end_reason)
     select gen_random_uuid(), $1, (array['tandem-web', 'tandem-mobile'])[g % 2 + 1], 'Tandem', 'Chrome · Android',
            '203.0.113.7', ${instant(11)}, case when g % 3 > 0 then ${instant(7)} end,
            case when g % 3 > 0 then 'SIGNED_OUT' end
     from generate_series(1, $2) g`,
    [adminId, each],
  );
