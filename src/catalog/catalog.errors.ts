import { defineErrors } from '#libs/errors/catalogue.js';
import { catalogTexts } from './locales/texts.js';

export const catalogErrors = defineErrors(
  'catalog',
  {
    PRODUCT_NOT_FOUND: { status: 404, description: 'There is no such product, or the caller may not see it.' },
    CATEGORY_NOT_FOUND: { status: 404, description: 'There is no such category, or the caller may not see it.' },
    SKU_TAKEN: { status: 409, description: 'Another product has this sku.' },
    SLUG_TAKEN: { status: 409, description: 'Another category has this slug.' },
    CATEGORY_IN_USE: { status: 409, description: 'There are products in the category. Move or delete them first.' },
    PRODUCT_NOT_FOR_SALE: {
      status: 409,
      description: 'A product does not exist or is not for sale; `details` names the lines.',
    },
    OUT_OF_STOCK: {
      status: 409,
      description: 'There are fewer pieces than asked for; `details` names the lines and what is left.',
    },
  },
  catalogTexts,
);
