import { randomBytes } from 'node:crypto';
import type { Calls, Paths } from '#test/harness/domain-tests.js';
import { create, list, path, present, read, remove, update } from '#test/matrix/calls.js';
import type { CatalogWorld } from './world.js';

const unique = () => randomBytes(6).toString('hex');
const product = (w: CatalogWorld) =>
  create('products', 'createProduct', {
    categoryId: w.categoryId,
    sku: `M-${unique()}`,
    name: 'Made',
    price: { amount: 1, currency: 'EUR' },
  });
async function deletedProduct(w: CatalogWorld): Promise<string> {
  const id = await w.makeProduct();
  await w.app.database.sql('update products set deleted_at = now() where id = $1', [id]);
  return id;
}

export const calls: Calls<CatalogWorld> = {
  listCategories: { one: (w) => list('categories', 'categories', [w.categoryId]) },
  getCategory: { one: (w) => read('categories', 'category', w.categoryId) },
  createCategory: { one: () => create('categories', 'createCategory', { slug: `new-${unique()}`, name: 'New' }) },
  updateCategory: {
    one: async (w) => update('categories', 'updateCategory', await w.makeCategory(), { name: 'Changed' }),
  },
  deleteCategory: {
    'one without products': async (w) => remove('categories', 'deleteCategory', await w.makeCategory()),
  },
  listProducts: { 'one for sale, one draft': (w) => list('products', 'products', [w.productIds[0], w.draftProductId]) },
  getProduct: {
    'for sale': (w) => read('products', 'product', w.productIds[0]),
    draft: (w) => read('products', 'product', w.draftProductId),
    archived: async (w) => read('products', 'product', await w.makeProduct({ status: 'ARCHIVED' })),
    deleted: async (w) => read('products', 'product', await deletedProduct(w)),
  },
  createProduct: { one: (w) => product(w) },
  updateProduct: {
    'for sale': async (w) => update('products', 'updateProduct', await w.makeProduct(), { name: 'Changed' }),
    draft: async (w) =>
      update('products', 'updateProduct', await w.makeProduct({ status: 'DRAFT' }), { status: 'ACTIVE' }),
  },
  deleteProduct: { one: async (w) => remove('products', 'deleteProduct', await w.makeProduct()) },
};

const twoProducts = (w: CatalogWorld) => [w.productIds[0], w.draftProductId];
const ofProduct = 'id sku name description status stock attributes';
const ids = '$ids: [ID!]!';

export const paths: Paths<CatalogWorld> = {
  'Product.category': {
    'of one for sale and a draft': (w) =>
      path(
        `query (${ids}) { products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} category { id slug } } } }`,
        { ids: twoProducts(w) },
        (data) => present(data.products.nodes.map((p: any) => p.category)),
      ),
  },
  'Category.products': {
    'one for sale, one draft': (w) =>
      path(
        `query ($id: ID!, ${ids}) { category(id: $id) { id products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} } } } }`,
        { id: w.categoryId, ids: twoProducts(w) },
        (data) => data.category.products.nodes.length,
      ),
    'by the category of a product': (w) =>
      path(
        `query ($id: ID!, ${ids}) { product(id: $id) { category { products(filter: { id: { in: $ids } }) { nodes { ${ofProduct} } } } } }`,
        { id: w.productIds[1], ids: twoProducts(w) },
        (data) => data.product.category.products.nodes.length,
      ),
    counted: (w) =>
      path(
        `query (${ids}) { categories { nodes { products(filter: { id: { in: $ids } }, first: 1) { totalCount } } } }`,
        { ids: twoProducts(w) },
        (data) => data.categories.nodes.reduce((sum: number, c: any) => sum + c.products.totalCount, 0),
      ),
  },
};
