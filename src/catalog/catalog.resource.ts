import { one, resource } from '#libs/database/resource.js';
import { CategoryView, ProductView } from './catalog.contract.js';
import { Category } from './category.entity.js';
import { Product } from './product.entity.js';

const publicMaxAge = 60;

export const categories = resource({
  name: 'category',
  plural: 'categories',
  view: CategoryView,
  entity: Category,
  subject: 'Category',
  filters: { id: ['in'], slug: ['eq', 'in'], name: ['contains'] },
  sorts: ['position', 'name', 'createdAt'],
  defaultSort: 'position',
  publicMaxAge,
});
export const products = resource({
  name: 'product',
  plural: 'products',
  view: ProductView,
  entity: Product,
  subject: 'Product',
  filters: {
    id: ['in'],
    categoryId: ['eq', 'in'],
    sku: ['eq', 'in'],
    name: ['contains'],
    status: ['eq', 'in'],
    priceAmount: ['gte', 'lte'],
    stock: ['gt', 'lte'],
    createdAt: ['gte', 'lt'],
  },
  sorts: ['name', 'priceAmount', 'createdAt'],
  defaultSort: 'name',
  search: 'search',
  relations: { category: one(() => categories, 'categoryId') },
  detail: ['category'],
  publicMaxAge,
});
