import type { TestDatabase } from '#libs/testing/database.js';
import { deleted, instant, me, rowsEach } from '#test/queries/seeds.js';

export const seedNotificationAccess = (database: TestDatabase) =>
  database.sql(
    `insert into notifications (id, user_id, topic, data, read_at, created_at, deleted_at)
     select gen_random_uuid(), case when g % 4 = 0 then $1::uuid else (select id from users where email = 'user-' || (g % 6 + 1) || '@tandem.example') end,
            (array['test.told', 'gone.happened', '-5'])[g % 3 + 1], '{}', case when g % 5 > 1 then ${instant(4)} end,
            ${instant(5)}, ${deleted}
     from generate_series(1, $2) g`,
    [me, rowsEach],
  );
