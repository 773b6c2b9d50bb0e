import type { TestDatabase } from '#libs/testing/database.js';
import { deleted, instant, rowsEach } from '#test/queries/seeds.js';

export async function seedCatalogAccess(database: TestDatabase): Promise<void> {
  await database.sql(
    `insert into categories (id, slug, name, description, position, created_at, deleted_at)
     select gen_random_uuid(), 'c-' || g, (array['Tea', 'tea', 'Coffee'])[g % 3 + 1], (array['', '0', 'x'])[g % 3 + 1],
            g % 5 - 2, ${instant(5)}, ${deleted}
     from generate_series(1, $1) g`,
    [rowsEach],
  );
  await database.sql(
    `insert into products (id, category_id, sku, name, description, price_amount, currency, stock, status, created_at, deleted_at)
     select gen_random_uuid(), (select id from categories where slug = 'c-' || (g % 3 + 1)), 'S-' || g, 'Thing ' || g % 4,
            '', (g % 4) * 100, (array['EUR', 'USD'])[g % 2 + 1], g % 3, (array['DRAFT', 'ACTIVE', 'ARCHIVED'])[g % 3 + 1],
            ${instant(5)}, ${deleted}
     from generate_series(1, $1) g`,
    [rowsEach],
  );
}
