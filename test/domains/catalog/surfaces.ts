import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import type { CatalogWorld } from './world.js';

const newId = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
const ofCategory = 'id slug name description position createdAt updatedAt version'.split(' ');
const ofProduct = 'id categoryId sku name description price stock status attributes createdAt updatedAt version'.split(
  ' ',
);
type Rest = Partial<SurfaceCase>;

export function categoryCases(w: CatalogWorld): SurfaceTable {
  const list = (name: string, query: string, args: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'anonymous',
    outcome: 'OK',
    rest: ['GET', `/v1/categories${query && `?${query}`}`],
    graphql: ['categories', args],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as: 'anonymous',
    outcome: 'OK',
    rest: ['GET', `/v1/categories/${id}`],
    graphql: ['category', { id }],
    ...rest,
  });
  const create = (name: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `creates ${name}`,
    as: 'manager',
    outcome: 'OK',
    rest: ['POST', '/v1/categories', input],
    graphql: ['createCategory', { input }],
    ...rest,
  });
  const update = (name: string, id: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `updates ${name}`,
    as: 'manager',
    outcome: 'OK',
    rest: ['PATCH', `/v1/categories/${id}`, input],
    graphql: ['updateCategory', { id, input }],
    ...rest,
  });
  const remove = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `deletes ${name}`,
    as: 'manager',
    outcome: 'OK',
    rest: ['DELETE', `/v1/categories/${id}`],
    graphql: ['deleteCategory', { id }],
    ...rest,
  });
  const fresh = { slug: 'fresh-things', name: 'Fresh things' };
  const { categoryId, emptyCategoryId } = w;
  const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });
  return {
    list: ofCategory,
    document: ofCategory,
    cases: [
      list('all', '', {}, { rows: 2 }),
      list('all for the signed in', '', {}, { as: 'ada', rows: 2 }),
      list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      list('by slug', 'slug=empty', { filter: { slug: { eq: 'empty' } } }, { rows: 1 }),
      list('by slugs', 'slug=empty,things', { filter: { slug: { in: ['empty', 'things'] } } }, { rows: 2 }),
      list('by part of the name', 'name[contains]=MPT', { filter: { name: { contains: 'MPT' } } }, { rows: 1 }),
      list('by name, counted', 'sort=-name&count=true', { sort: [{ field: 'NAME', direction: 'DESC' }] }, { rows: 2 }),
      list('a first page', 'limit=1&sort=position', { first: 1, sort: [{ field: 'POSITION' }] }, { rows: 1 }),
      list('no page of none', 'limit=0', { first: 0 }, failed('limit MIN')),
      list('not by words', 'q=thing', { q: 'thing' }, { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true }),
      read('one', categoryId, { shows: { slug: 'things' } }),
      read('some fields', emptyCategoryId, { fields: ['name', 'position'] }),
      read('what there is not', nowhere, { outcome: 'CATEGORY_NOT_FOUND' }),
      read('what is no id', 'things', { outcome: 'CATEGORY_NOT_FOUND' }),
      create('one', fresh, { shows: { ...fresh, description: '', position: 0, version: 1 } }),
      create('one with everything', { id: newId, ...fresh, description: 'New', position: 7 }, { as: 'admin' }),
      create('nothing under a slug that is taken', { ...fresh, slug: 'things' }, { outcome: 'SLUG_TAKEN' }),
      create('nothing under an id that is taken', { id: categoryId, ...fresh }, { outcome: 'CONFLICT' }),
      create('nothing of nothing', {}, failed('name REQUIRED', 'slug REQUIRED')),
      create(
        'nothing with a slug that is none',
        { slug: 'Not a slug', name: '' },
        failed('name MIN_LENGTH', 'slug FORMAT'),
      ),
      create('nothing unknown', { ...fresh, version: 3 }, failed('version UNKNOWN_FIELD')),
      create('nothing as support', fresh, { as: 'support', outcome: 'FORBIDDEN' }),
      create('nothing as a customer', fresh, { as: 'ada', outcome: 'FORBIDDEN' }),
      create('nothing as anonymous', fresh, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      update('one', categoryId, { name: 'Other things', position: 3 }, { shows: { position: 3, version: 2 } }),
      update('on the right version', categoryId, { description: '' }, { ifMatch: '"1.x"' }),
      update(
        'nothing on an old version',
        categoryId,
        { name: 'X' },
        { ifMatch: '"9"', outcome: 'PRECONDITION_FAILED' },
      ),
      update('nothing to a slug that is taken', emptyCategoryId, { slug: 'things' }, { outcome: 'SLUG_TAKEN' }),
      update('nothing to null', categoryId, { name: null }, failed('name NULL_NOT_ALLOWED')),
      update('no id', categoryId, { id: newId }, failed('id UNKNOWN_FIELD')),
      update('nothing that there is not', nowhere, {}, { outcome: 'CATEGORY_NOT_FOUND' }),
      update('nothing as support', categoryId, {}, { as: 'support', outcome: 'FORBIDDEN' }),
      remove('one without products', emptyCategoryId),
      remove('one on the right version', emptyCategoryId, { ifMatch: '"1.x"' }),
      remove('nothing on an old version', emptyCategoryId, { ifMatch: '"2.x"', outcome: 'PRECONDITION_FAILED' }),
      remove('none with products', categoryId, { outcome: 'CATEGORY_IN_USE' }),
      remove('none that there is not', nowhere, { outcome: 'CATEGORY_NOT_FOUND' }),
      remove('none as support', emptyCategoryId, { as: 'support', outcome: 'FORBIDDEN' }),
      remove('none as anonymous', emptyCategoryId, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    ],
  };
}

export async function productCases(w: CatalogWorld): Promise<SurfaceTable> {
  const list = (name: string, query: string, args: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'anonymous',
    outcome: 'OK',
    rest: ['GET', `/v1/products${query && `?${query}`}`],
    graphql: ['products', args],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as: 'anonymous',
    outcome: 'OK',
    rest: ['GET', `/v1/products/${id}`],
    graphql: ['product', { id }],
    ...rest,
  });
  const create = (name: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `creates ${name}`,
    as: 'manager',
    outcome: 'OK',
    rest: ['POST', '/v1/products', input],
    graphql: ['createProduct', { input }],
    ...rest,
  });
  const update = (name: string, id: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `updates ${name}`,
    as: 'manager',
    outcome: 'OK',
    rest: ['PATCH', `/v1/products/${id}`, input],
    graphql: ['updateProduct', { id, input }],
    ...rest,
  });
  const remove = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `deletes ${name}`,
    as: 'manager',
    outcome: 'OK',
    rest: ['DELETE', `/v1/products/${id}`],
    graphql: ['deleteProduct', { id }],
    ...rest,
  });
  const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });
  const [first, second] = w.productIds;
  const draft = w.draftProductId;
  const fresh = { categoryId: w.categoryId, sku: 'NEW-1', name: 'New', price: { amount: 1990, currency: 'EUR' } };
  const byPrice = [{ field: 'PRICE_AMOUNT', direction: 'DESC' }];
  const page = await w.clients.anonymous.get<{ page: { next: string } }>('/v1/products?limit=3&sort=-priceAmount');
  const after = page.body.page.next;
  return {
    list: ofProduct,
    document: [...ofProduct, 'category'],
    cases: [
      list('what is for sale', '', {}, { rows: 4 }),
      list('what is for sale for customers', '', {}, { as: 'ada', rows: 4 }),
      list('everything for support', '', {}, { as: 'support', rows: 5 }),
      list('everything for managers', '', {}, { as: 'manager', rows: 5 }),
      list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      list('no drafts for anonymous', 'status=DRAFT', { filter: { status: { eq: 'DRAFT' } } }, { rows: 0 }),
      list('drafts for support', 'status=DRAFT', { filter: { status: { eq: 'DRAFT' } } }, { as: 'support', rows: 1 }),
      list('by category', `categoryId=${w.categoryId}`, { filter: { categoryId: { eq: w.categoryId } } }, { rows: 4 }),
      list('by sku', 'sku=SKU-2', { filter: { sku: { eq: 'SKU-2' } } }, { rows: 1 }),
      list('by part of the name', 'name[contains]=number', { filter: { name: { contains: 'number' } } }, { rows: 4 }),
      list(
        'by price',
        'priceAmount[gte]=200&priceAmount[lte]=300',
        { filter: { priceAmount: { gte: 200, lte: 300 } } },
        { rows: 2 },
      ),
      list('by stock', 'stock[gt]=9', { filter: { stock: { gt: 9 } } }, { rows: 4 }),
      list('by words', 'q=Thing%202', { q: 'Thing 2' }, { rows: 1 }),
      list('by beginnings of words', 'q=thi%20num&count=true', { q: 'thi num' }, { rows: 4 }),
      list('by words that are nowhere', 'q=unicorn', { q: 'unicorn' }, { rows: 0 }),
      list('by words with marks', `q=${encodeURIComponent("thing' & !:*")}`, { q: "thing' & !:*" }, { rows: 4 }),
      list('by no words', 'q=', { q: '' }, { rows: 0 }),
      list('by words of drafts', 'q=SKU-4', { q: 'SKU-4' }, { rows: 0 }),
      list('by too many letters', `q=${'x'.repeat(201)}`, { q: 'x'.repeat(201) }, failed('q MAX_LENGTH')),
      list('by price, a page', 'limit=3&sort=-priceAmount', { first: 3, sort: byPrice }, { rows: 3 }),
      list(
        'by price, the next page',
        `limit=3&sort=-priceAmount&after=${after}`,
        { first: 3, sort: byPrice, after },
        { rows: 1 },
      ),
      list('with their categories', '', {}, { fields: ['sku', 'category', 'price'] }),
      list(
        'no status that does not exist',
        'status=SOLD',
        { filter: { status: { eq: 'SOLD' } } },
        failed('status ENUM'),
      ),
      list(
        'no price that is none',
        'priceAmount[gte]=cheap',
        { filter: { priceAmount: { gte: 'cheap' } } },
        failed('priceAmount TYPE'),
      ),
      list(
        'no stock beyond 32 bits',
        'stock[gt]=3000000000',
        { filter: { stock: { gt: 3000000000 } } },
        failed('stock MAX'),
      ),
      list(
        'by what it does not know',
        'color=blue',
        { filter: { color: { eq: 'blue' } } },
        {
          outcome: 'FILTER_NOT_ALLOWED',
          refusedBySchema: true,
        },
      ),
      read('one', first, { shows: { sku: 'SKU-1', attributes: { color: 'blue' } } }),
      read('one as a customer', first, { as: 'grace' }),
      read('some fields', second, { fields: ['name', 'price', 'category.name'] }),
      read('no draft', draft, { outcome: 'PRODUCT_NOT_FOUND' }),
      read('no draft as a customer', draft, { as: 'ada', outcome: 'PRODUCT_NOT_FOUND' }),
      read('a draft as support', draft, { as: 'support', shows: { status: 'DRAFT' } }),
      read('what there is not', nowhere, { outcome: 'PRODUCT_NOT_FOUND' }),
      read('what is no id', 'SKU-1', { outcome: 'PRODUCT_NOT_FOUND' }),
      create('one', fresh, { shows: { status: 'DRAFT', stock: 0, attributes: {}, version: 1 } }),
      create(
        'one with everything',
        {
          id: newId,
          ...fresh,
          description: 'Brand new',
          stock: 5,
          status: 'ACTIVE',
          attributes: { a: [1, { b: null }] },
        },
        { as: 'admin', shows: { id: newId, status: 'ACTIVE', stock: 5 } },
      ),
      create('nothing under a sku that is taken', { ...fresh, sku: 'SKU-1' }, { outcome: 'SKU_TAKEN' }),
      create('nothing under an id that is taken', { id: first, ...fresh }, { outcome: 'CONFLICT' }),
      create('nothing in no category', { ...fresh, categoryId: nowhere }, failed('categoryId NOT_FOUND')),
      create(
        'nothing of nothing',
        {},
        failed('categoryId REQUIRED', 'name REQUIRED', 'price REQUIRED', 'sku REQUIRED'),
      ),
      create(
        'nothing with a price that is none',
        { ...fresh, price: { amount: -1, currency: 'euro' } },
        failed('price.amount MIN', 'price.currency FORMAT', 'price.currency MAX_LENGTH'),
      ),
      create('nothing in a status that does not exist', { ...fresh, status: 'SOLD' }, failed('status ENUM')),
      create('nothing with attributes as a list', { ...fresh, attributes: [1] }, failed('attributes TYPE')),
      create('nothing with too little stock', { ...fresh, stock: -1 }, failed('stock MIN')),
      create('nothing unknown', { ...fresh, priceAmount: 1 }, failed('priceAmount UNKNOWN_FIELD')),
      create('nothing as support', fresh, { as: 'support', outcome: 'FORBIDDEN' }),
      create('nothing as a customer', fresh, { as: 'ada', outcome: 'FORBIDDEN' }),
      create('nothing as anonymous', fresh, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      update('one', first, { name: 'Renamed', stock: 99 }, { shows: { name: 'Renamed', stock: 99, version: 2 } }),
      update('the price', first, { price: { amount: 5 } }, { shows: { price: { amount: 5, currency: 'EUR' } } }),
      update('attributes', first, { attributes: { color: null, size: 3 } }, { shows: { attributes: { size: 3 } } }),
      update('a draft into one for sale', draft, { status: 'ACTIVE' }, { shows: { status: 'ACTIVE' } }),
      update('the category', first, { categoryId: w.emptyCategoryId }, { shows: { categoryId: w.emptyCategoryId } }),
      update('on the right version', first, { stock: 1 }, { ifMatch: '"1.x"' }),
      update('nothing on an old version', first, { stock: 1 }, { ifMatch: '"3.x"', outcome: 'PRECONDITION_FAILED' }),
      update('nothing to a sku that is taken', first, { sku: 'SKU-2' }, { outcome: 'SKU_TAKEN' }),
      update('nothing into no category', first, { categoryId: nowhere }, failed('categoryId NOT_FOUND')),
      update(
        'nothing to null',
        first,
        { name: null, price: null },
        failed('name NULL_NOT_ALLOWED', 'price NULL_NOT_ALLOWED'),
      ),
      update('no id', first, { id: newId, version: 9 }, failed('id UNKNOWN_FIELD', 'version UNKNOWN_FIELD')),
      update('nothing that there is not', nowhere, {}, { outcome: 'PRODUCT_NOT_FOUND' }),
      update('nothing as support', first, { stock: 1 }, { as: 'support', outcome: 'FORBIDDEN' }),
      update('nothing as a customer', first, { stock: 1 }, { as: 'ada', outcome: 'FORBIDDEN' }),
      remove('one', first),
      remove('one on the right version', first, { ifMatch: '"1.x"' }),
      remove('nothing on an old version', first, { ifMatch: '"2.x"', outcome: 'PRECONDITION_FAILED' }),
      remove('none that there is not', nowhere, { outcome: 'PRODUCT_NOT_FOUND' }),
      remove('none as support', first, { as: 'support', outcome: 'FORBIDDEN' }),
      remove('none as anonymous', first, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    ],
  };
}
