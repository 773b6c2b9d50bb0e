import { v7 as uuidv7 } from 'uuid';
import type { UsersWorld } from '#test/domains/users/world.js';
import { staff } from '#test/harness/callers.js';

export interface CatalogPart {
  readonly categoryId: string;
  readonly emptyCategoryId: string;
  /** For sale, ten pieces each. */
  readonly productIds: readonly string[];
  readonly draftProductId: string;
  /** For sale, but priced in another currency. */
  readonly dollarProductId: string;
  makeCategory(): Promise<string>;
  makeProduct(fields?: { stock?: number; priceAmount?: number; status?: string; currency?: string }): Promise<string>;
}
export type CatalogWorld = UsersWorld & CatalogPart;

/** A small shop; what is not for sale yet is for the staff only. */
export async function catalogWorld({ app }: UsersWorld): Promise<CatalogPart> {
  const { database, sniffer } = app;
  const categoryId = uuidv7();
  const emptyCategoryId = uuidv7();
  await database.sql(
    `insert into categories (id, slug, name, description, position)
     values ($1, 'things', 'Things', '', 0), ($2, 'empty', 'Empty', 'Nothing', 5)`,
    [categoryId, emptyCategoryId],
  );
  const makeCategory = async () => {
    const id = uuidv7();
    await database.sql(`insert into categories (id, slug, name) values ($1, $2, 'Made')`, [id, `made-${id}`]);
    return id;
  };
  let products = 0;
  const makeProduct: CatalogPart['makeProduct'] = async (fields = {}) => {
    const id = uuidv7();
    products++;
    await database.sql(
      `insert into products (id, category_id, sku, name, description, price_amount, currency, stock, status, attributes)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{"color": "blue"}')`,
      [
        id,
        categoryId,
        `SKU-${products}`,
        `Thing number ${products}`,
        (fields.status ?? 'ACTIVE') === 'ACTIVE' ? 'Made for tests' : sniffer.plant('unreleased', staff),
        fields.priceAmount ?? 100 * products,
        fields.currency ?? 'EUR',
        fields.stock ?? 10,
        fields.status ?? 'ACTIVE',
      ],
    );
    return id;
  };
  const productIds = [await makeProduct(), await makeProduct(), await makeProduct()];
  const draftProductId = await makeProduct({ status: 'DRAFT' });
  const dollarProductId = await makeProduct({ priceAmount: 999, currency: 'USD' });
  return { categoryId, emptyCategoryId, productIds, draftProductId, dollarProductId, makeCategory, makeProduct };
}
