import type { TestDatabase } from '#libs/testing/database.js';
import { adminId, instant } from '#test/lists/seeds.js';

export const seedOrders = (database: TestDatabase, each: number) =>
  database.sql(
    `insert into orders (id, customer_id, status, total_amount, currency, placed_at, created_at)
     select gen_random_uuid(), $1, (array['DRAFT', 'PLACED', 'DELIVERED'])[g % 3 + 1], (g % 7) * 100, 'EUR',
            case when g % 4 > 0 then ${instant(17)} end, ${instant(11)}
     from generate_series(1, $2) g`,
    [adminId, each],
  );
