import { describe, expect, it } from 'vitest';
import { Category } from './category.entity.js';
import { Product } from './product.entity.js';

const categoryId = '0197f5a0-0000-7000-8000-00000000000a';
const fields = { categoryId, sku: 'COF-0001', name: 'Beans', price: { amount: 500, currency: 'EUR' } };

describe('a new product', () => {
  it('is a draft without pieces, under an id of its own', () => {
    const product = Product.of(fields);
    expect(product).toMatchObject({ categoryId, priceAmount: 500, currency: 'EUR', status: 'DRAFT', stock: 0 });
    expect(product).toMatchObject({ description: '', attributes: {} });
    expect(product.id).not.toBe(Product.of(fields).id);
  });
  it('takes ids in any letter case, and holds them as the database gives them', () => {
    const id = '0197F5A0-0000-7000-8000-00000000000B';
    const product = Product.of({ ...fields, id, categoryId: categoryId.toUpperCase() });
    expect(product).toMatchObject({ id: id.toLowerCase(), categoryId });
    expect(Category.of({ id, slug: 'a', name: 'A' }).id).toBe(id.toLowerCase());
  });
});

describe('a change of a product', () => {
  it('leaves what is left out', () => {
    const product = Product.of({ ...fields, stock: 3, attributes: { color: 'blue' } });
    product.update({ name: 'Dark beans' });
    expect(product).toMatchObject({ name: 'Dark beans', sku: 'COF-0001', stock: 3, priceAmount: 500, categoryId });
    expect(product.attributes).toEqual({ color: 'blue' });
  });
  it('takes zero and empty text for values', () => {
    const product = Product.of({ ...fields, stock: 3, description: 'x' });
    product.update({ stock: 0, description: '', price: { amount: 0 } });
    expect(product).toMatchObject({ stock: 0, description: '', priceAmount: 0 });
  });
  it('leaves the part of the price that is left out', () => {
    const product = Product.of(fields);
    product.update({ price: { amount: 700 } });
    expect(product).toMatchObject({ priceAmount: 700, currency: 'EUR' });
    product.update({ price: { currency: 'USD' } });
    expect(product).toMatchObject({ priceAmount: 700, currency: 'USD' });
  });
  it('merges attributes', () => {
    const product = Product.of({ ...fields, attributes: { roast: 'dark', origin: { country: 'CO' } } });
    product.update({ attributes: { roast: null, origin: { farm: 'Huila' } } });
    expect(product.attributes).toEqual({ origin: { country: 'CO', farm: 'Huila' } });
  });
});
