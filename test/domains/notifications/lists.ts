import type { TestDatabase } from '#libs/testing/database.js';
import { adminId, instant } from '#test/lists/seeds.js';

export const seedNotifications = (database: TestDatabase, each: number) =>
  database.sql(
    `insert into notifications (id, user_id, topic, data, read_at, created_at)
     select gen_random_uuid(), $1, (array['gone.happened', 'test.told'])[g % 2 + 1], '{"secret": "none"}',
            case when g % 3 > 0 then ${instant(7)} end, ${instant(11)}
     from generate_series(1, $2) g`,
    [adminId, each],
  );
