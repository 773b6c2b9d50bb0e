import type { TestDatabase } from '#libs/testing/database.js';
import { deleted, instant, me, rowsEach } from '#test/queries/seeds.js';

export const seedSessionAccess = (database: TestDatabase) =>
  database.sql(
    `insert into sessions (id, user_id, client_id, client_name, device, ip, last_seen_at, ended_at, end_reason, deleted_at)
     select gen_random_uuid(), case when g % 4 = 0 then $1::uuid else (select id from users where email = 'user-' || (g % 6 + 1) || '@tandem.example') end,
            (array['tandem-web', 'a', '-5'])[g % 3 + 1], 'Some', '', (array['203.0.113.7', '-5', '10', ''])[g % 4 + 1],
            ${instant(5)}, case when g % 5 > 1 then ${instant(4)} end,
            case when g % 5 > 1 then 'EXPIRED' end, ${deleted}
     from generate_series(1, $2) g`,
    [me, rowsEach],
  );
