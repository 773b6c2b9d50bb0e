import type { TestDatabase } from '#libs/testing/database.js';
import { deleted, instant, me, rowsEach } from '#test/queries/seeds.js';

export const seedOrderAccess = (database: TestDatabase) =>
  database.sql(
    `insert into orders (id, customer_id, status, total_amount, currency, note, internal_note, placed_at, history_count, created_at, deleted_at)
     select gen_random_uuid(), case when g % 4 = 0 then $1::uuid else (select id from users where email = 'user-' || (g % 6 + 1) || '@tandem.example') end,
            (array['DRAFT', 'PLACED', 'CONFIRMED', 'CANCELLED'])[g % 4 + 1], (g % 5) * 100, 'EUR',
            case when g % 3 > 0 then (array['', 'ring twice', '-5'])[g % 3 + 1] end,
            case when g % 5 > 1 then (array['', 'call', '-5', '0', 'x'])[g % 5 + 1] end,
            case when g % 7 > 2 then ${instant(4)} end, g % 3, ${instant(5)}, ${deleted}
     from generate_series(1, $2) g`,
    [me, rowsEach],
  );
