import { defineErrors } from '#libs/errors/catalogue.js';
import { orderTexts } from './locales/texts.js';

export const orderErrors = defineErrors(
  'orders',
  {
    ORDER_NOT_FOUND: { status: 404, description: 'There is no such order, or the caller may not see it.' },
    ORDER_LINE_NOT_FOUND: { status: 404, description: 'The order has no line of this product.' },
    ORDER_MOVE_NOT_POSSIBLE: {
      status: 409,
      description: 'The order is in a status from which nobody can make this move.',
    },
    ORDER_NOT_DRAFT: {
      status: 409,
      description: 'Only drafts can be edited; this order has been placed or cancelled.',
    },
    ORDER_EMPTY: { status: 409, description: 'An order without lines cannot be placed.' },
    ORDER_MIXED_CURRENCIES: { status: 409, description: 'All products of an order must be priced in one currency.' },
    ORDER_TOO_LARGE: { status: 409, description: 'The total or the number of lines exceeds what an order can hold.' },
  },
  orderTexts,
);
