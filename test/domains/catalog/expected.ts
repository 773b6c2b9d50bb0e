import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 */
export const expected: Expected = {
  operations: rows(`
  operation       | situation                  | anonymous | ada    | grace | support | manager | admin  | suspended
  listCategories  | one                        | 1         | 1      | 1     | 1       | 1       | 1      | locked
  getCategory     | one                        | ok        | ok     | ok    | ok      | ok      | ok     | locked
  createCategory  | one                        | login     | no     | no    | no      | ok      | ok     | locked
  updateCategory  | one                        | login     | no     | no    | no      | ok      | ok     | locked
  deleteCategory  | one without products       | login     | no     | no    | no      | ok      | ok     | locked
  listProducts    | one for sale, one draft    | 1         | 1      | 1     | 2       | 2       | 2      | locked
  getProduct      | for sale                   | ok        | ok     | ok    | ok      | ok      | ok     | locked
  getProduct      | draft                      | gone      | gone   | gone  | ok      | ok      | ok     | locked
  getProduct      | archived                   | gone      | gone   | gone  | ok      | ok      | ok     | locked
  getProduct      | deleted                    | gone      | gone   | gone  | gone    | gone    | gone   | locked
  createProduct   | one                        | login     | no     | no    | no      | ok      | ok     | locked
  updateProduct   | for sale                   | login     | no     | no    | no      | ok      | ok     | locked
  updateProduct   | draft                      | login     | no     | no    | no      | ok      | ok     | locked
  deleteProduct   | one                        | login     | no     | no    | no      | ok      | ok     | locked
  `),
  nested: rows(`
  path              | situation                                    | anonymous | ada | grace | support | manager | admin | suspended
  Product.category  | of one for sale and a draft                  | 1         | 1   | 1     | 2       | 2       | 2     | locked
  Category.products | one for sale, one draft                      | 1         | 1   | 1     | 2       | 2       | 2     | locked
  Category.products | by the category of a product                 | 1         | 1   | 1     | 2       | 2       | 2     | locked
  Category.products | counted                                      | 1         | 1   | 1     | 2       | 2       | 2     | locked
  `),
  inputs: {
    createCategory: ['id', 'slug', 'name', 'description', 'position'],
    updateCategory: ['slug', 'name', 'description', 'position'],
    deleteCategory: [],
    createProduct: ['id', 'categoryId', 'sku', 'name', 'description', 'price', 'stock', 'status', 'attributes'],
    updateProduct: ['categoryId', 'sku', 'name', 'description', 'price', 'stock', 'status', 'attributes'],
    deleteProduct: [],
  },
  temptations: ['price', 'priceAmount', 'unitPrice', 'stock', 'search'],
};
