import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '#libs/testing/database.js';

/** Somebody who owns some of the rows. */
export const me = randomUUID();
export const rowsEach = 1200;

/**
 * Rows of every subject with every combination of null and value that their columns can hold, some of them deleted, and
 * few different values, so that comparisons meet them.
 */
export async function seedAccessRows(database: TestDatabase): Promise<void> {
  const sql = (text: string, values: unknown[]) => database.sql(text, values);
  const instant = (step: number, of: string) =>
    `timestamptz '1969-12-30 00:00:00.5+00' + (${of} % ${step}) * interval '1 day'`;
  const deleted = `case when g % 29 = 0 then now() end`;
  await sql(
    `insert into users (id, email, display_name, status, suspension_reason, locale, time_zone, roles, created_at, deleted_at)
     select case g when 1 then $1::uuid else gen_random_uuid() end, 'user-' || g || '@tandem.example',
            (array['Ada', 'ada', '', 'Žofia', '😀', '-5', '10', '9'])[g % 8 + 1] || ' ', (array['ACTIVE', 'SUSPENDED'])[g % 2 + 1],
            case when g % 3 = 0 then (array['', '-5', 'fraud'])[g % 4 + 1] end, (array['en', 'de', 'de-AT'])[g % 3 + 1],
            'UTC', array['customer'], ${instant(5, 'g')}, ${deleted}
     from generate_series(1, $2) g`,
    [me, rowsEach],
  );
  await sql(
    `insert into categories (id, slug, name, description, position, created_at, deleted_at)
     select gen_random_uuid(), 'c-' || g, (array['Tea', 'tea', 'Coffee'])[g % 3 + 1], (array['', '0', 'x'])[g % 3 + 1],
            g % 5 - 2, ${instant(5, 'g')}, ${deleted}
     from generate_series(1, $1) g`,
    [rowsEach],
  );
  await sql(
    `insert into products (id, category_id, sku, name, description, price_amount, currency, stock, status, created_at, deleted_at)
     select gen_random_uuid(), (select id from categories where slug = 'c-' || (g % 3 + 1)), 'S-' || g, 'Thing ' || g % 4,
            '', (g % 4) * 100, (array['EUR', 'USD'])[g % 2 + 1], g % 3, (array['DRAFT', 'ACTIVE', 'ARCHIVED'])[g % 3 + 1],
            ${instant(5, 'g')}, ${deleted}
     from generate_series(1, $1) g`,
    [rowsEach],
  );
  await sql(
    `insert into orders (id, customer_id, status, total_amount, currency, note, internal_note, placed_at, history_count, created_at, deleted_at)
     select gen_random_uuid(), case when g % 4 = 0 then $1::uuid else (select id from users where email = 'user-' || (g % 6 + 1) || '@tandem.example') end,
            (array['DRAFT', 'PLACED', 'CONFIRMED', 'CANCELLED'])[g % 4 + 1], (g % 5) * 100, 'EUR',
            case when g % 3 > 0 then (array['', 'ring twice', '-5'])[g % 3 + 1] end,
            case when g % 5 > 1 then (array['', 'call', '-5', '0', 'x'])[g % 5 + 1] end,
            case when g % 7 > 2 then ${instant(4, 'g')} end, g % 3, ${instant(5, 'g')}, ${deleted}
     from generate_series(1, $2) g`,
    [me, rowsEach],
  );
}
