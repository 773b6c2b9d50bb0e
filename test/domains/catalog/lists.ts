import type { TestDatabase } from '#libs/testing/database.js';
import { instant } from '#test/lists/seeds.js';

export async function seedCatalog(database: TestDatabase, each: number): Promise<void> {
  await database.sql(
    `insert into categories (id, slug, name, position, created_at)
     select gen_random_uuid(), 'c-' || g, 'Category ' || g % 9, g % 5 - 2, ${instant(11)} from generate_series(1, $1) g`,
    [each],
  );
  await database.sql(
    `insert into products (id, category_id, sku, name, price_amount, currency, stock, status, created_at)
     select gen_random_uuid(), (select id from categories where slug = 'c-1'), 'S-' || g, 'Thing ' || g % 13,
            (g % 7) * 100, 'EUR', 10, 'ACTIVE', ${instant(11)}
     from generate_series(1, $1) g`,
    [each],
  );
}
