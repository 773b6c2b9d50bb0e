import { randomUUID } from 'node:crypto';
import { TestApp, type TestAppOptions } from '#test/harness/test-app.js';
import type { TestClient } from '#libs/testing/clients.js';
import type { TestDatabase } from '#libs/testing/database.js';

export const adminId = randomUUID();

/** As many rows of every resource, with ties in every column that lists are sorted by, and nulls where they are allowed. */
export async function seedLists(database: TestDatabase, each: number): Promise<void> {
  const sql = (text: string, values: unknown[]) => database.sql(text, values);
  const instant = (groups: number) =>
    `timestamptz '2026-01-01 00:00:00.123+00' + (g * 7919 % ${groups}) * interval '61 minutes'`;
  await sql(
    `insert into users (id, email, display_name, roles, created_at)
     select case g when 1 then $1::uuid else gen_random_uuid() end, 'user-' || g || '@tandem.example',
            (array['Ada', 'ada', 'Žofia', '😀', 'Ångström', '-'])[g % 6 + 1], case g when 1 then array['admin'] else array['customer'] end,
            ${instant(11)}
     from generate_series(1, $2) g`,
    [adminId, each],
  );
  await sql(
    `insert into roles (id, name, description, created_at)
     select gen_random_uuid(), 'role-' || g, 'Made for tests', ${instant(11)} from generate_series(1, $1) g`,
    [each],
  );
  await sql(
    `insert into categories (id, slug, name, position, created_at)
     select gen_random_uuid(), 'c-' || g, 'Category ' || g % 9, g % 5 - 2, ${instant(11)} from generate_series(1, $1) g`,
    [each],
  );
  await sql(
    `insert into products (id, category_id, sku, name, price_amount, currency, stock, status, created_at)
     select gen_random_uuid(), (select id from categories where slug = 'c-1'), 'S-' || g, 'Thing ' || g % 13,
            (g % 7) * 100, 'EUR', 10, 'ACTIVE', ${instant(11)}
     from generate_series(1, $1) g`,
    [each],
  );
  await sql(
    `insert into orders (id, customer_id, status, total_amount, currency, placed_at, created_at)
     select gen_random_uuid(), $1, (array['DRAFT', 'PLACED', 'DELIVERED'])[g % 3 + 1], (g % 7) * 100, 'EUR',
            case when g % 4 > 0 then ${instant(17)} end, ${instant(11)}
     from generate_series(1, $2) g`,
    [adminId, each],
  );
}
export async function startLists(
  each: number,
  options: TestAppOptions = {},
): Promise<{ app: TestApp; admin: TestClient }> {
  const app = await TestApp.start(options);
  await seedLists(app.database, each);
  return { app, admin: await app.as('admin', adminId) };
}
