import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 */
export const expected: Expected = {
  operations: rows(`
  operation       | situation                  | anonymous | ada    | grace | support | manager | admin  | suspended
  listOrders      | one of Ada’s, one of Grace | login     | 1      | 1     | 2       | 2       | 2      | locked
  getOrder        | placed                     | login     | ok     | gone  | ok      | ok      | ok     | locked
  getOrder        | placed by Grace            | login     | gone   | ok    | ok      | ok      | ok     | locked
  getOrder        | there is none              | login     | gone   | gone  | gone    | gone    | gone   | locked
  createOrder     | a draft                    | login     | ok     | ok    | ok      | ok      | ok     | locked
  createOrder     | placed at once             | login     | ok     | ok    | ok      | ok      | ok     | locked
  updateOrder     | note of a draft            | login     | ok     | gone  | field   | field   | ok     | locked
  updateOrder     | internal note of a draft   | login     | field  | gone  | ok      | ok      | ok     | locked
  updateOrder     | both notes of a draft      | login     | field  | gone  | field   | field   | ok     | locked
  updateOrder     | note of a placed order     | login     | placed | gone  | field   | field   | placed | locked
  updateOrder     | internal note of a placed  | login     | no     | gone  | ok      | ok      | ok     | locked
  setOrderLine    | of a draft                 | login     | ok     | gone  | no      | no      | ok     | locked
  setOrderLine    | of a placed order          | login     | placed | gone  | no      | no      | placed | locked
  removeOrderLine | of a draft                 | login     | ok     | gone  | no      | no      | ok     | locked
  placeOrder      | a draft                    | login     | ok     | gone  | no      | no      | ok     | locked
  confirmOrder    | placed                     | login     | no     | no    | ok      | ok      | ok     | locked
  shipOrder       | confirmed                  | login     | no     | no    | no      | ok      | ok     | locked
  deliverOrder    | shipped                    | login     | no     | no    | ok      | ok      | ok     | locked
  cancelOrder     | placed                     | login     | ok     | gone  | ok      | ok      | ok     | locked
  returnOrder     | delivered                  | login     | no     | no    | ok      | ok      | ok     | locked
  `),
  nested: rows(`
  path              | situation                                    | anonymous | ada | grace | support | manager | admin | suspended
  User.orders       | of all users, Ada’s and Grace’s              | login     | 1   | 1     | 2       | 2       | 2     | locked
  User.orders       | of Ada, by her id                            | login     | 1   | gone  | 1       | 1       | 1     | locked
  User.orders       | of the caller, Ada’s and Grace’s             | login     | 1   | 1     | 0       | 0       | 0     | locked
  User.orders       | of the customer of Ada’s order               | login     | 1   | gone  | 1       | 1       | 1     | locked
  User.orders       | counted, of all users                        | login     | 1   | 1     | 2       | 2       | 2     | locked
  User.orders       | in the answer of a change of the profile     | login     | 1   | 1     | 0       | 0       | 0     | locked
  Order.customer    | of Ada’s and Grace’s orders                  | login     | 1   | 1     | 2       | 2       | 2     | locked
  Order.customer    | of Ada’s order                               | login     | 1   | gone  | 1       | 1       | 1     | locked
  Order.customer    | in the answer of a cancellation              | login     | 1   | gone  | 1       | 1       | 1     | locked
  Order.lines       | of Ada’s order                               | login     | 2   | gone  | 2       | 2       | 2     | locked
  Order.lines       | of orders of all users, Ada’s                | login     | 2   | 0     | 2       | 2       | 2     | locked
  Order.history     | of Ada’s order                               | login     | 1   | gone  | 1       | 1       | 1     | locked
  Order.history     | of orders of all users, Ada’s                | login     | 1   | 0     | 1       | 1       | 1     | locked
  OrderLine.product | one for sale, one draft                      | login     | 1   | gone  | 2       | 2       | 2     | locked
  OrderLine.product | of orders of all users, one of them a draft  | login     | 1   | 0     | 2       | 2       | 2     | locked
  Product.category  | of products of an order, one of them a draft | login     | 1   | gone  | 2       | 2       | 2     | locked
  Category.products | by the products of an order                  | login     | 1   | gone  | 2       | 2       | 2     | locked
  `),
  fields: rows(`
  field                 | of        | anonymous | ada   | grace | support | manager | admin | suspended
  Order.internalNote    | ada       | –         | never | –     | shown   | shown   | shown | –
  Order.internalNote    | grace     | –         | –     | never | shown   | shown   | shown | –
  `),
  inputs: {
    createOrder: ['id', 'lines', 'note', 'place'],
    updateOrder: ['note', 'internalNote'],
    setOrderLine: ['quantity'],
    removeOrderLine: [],
    placeOrder: ['reason'],
    confirmOrder: ['reason'],
    shipOrder: ['reason'],
    deliverOrder: ['reason'],
    cancelOrder: ['reason'],
    returnOrder: ['reason', 'restock'],
  },
  temptations: `customerId customer status placedAt place total totalAmount currency history historyCount
    internalNote`.split(/\s+/),
  // Orders belong to accounts.
  service: {
    createOrder: 'no',
    'User.orders, of the caller, Ada’s and Grace’s': 'account',
    'User.orders, in the answer of a change of the profile': 'account',
  },
  refusals: { state: 'ORDER_MOVE_NOT_POSSIBLE', placed: 'ORDER_NOT_DRAFT' },
};

/** By status and move of an order of Ada’s. */
export const moves = rows(`
  move    | from      | anonymous | ada   | grace | support | manager | admin | suspended
  place   | DRAFT     | login     | ok    | gone  | no      | no      | ok    | locked
  place   | PLACED    | login     | state | gone  | no      | no      | state | locked
  place   | CONFIRMED | login     | state | gone  | no      | no      | state | locked
  place   | SHIPPED   | login     | state | gone  | no      | no      | state | locked
  place   | DELIVERED | login     | state | gone  | no      | no      | state | locked
  place   | CANCELLED | login     | state | gone  | no      | no      | state | locked
  place   | RETURNED  | login     | state | gone  | no      | no      | state | locked
  confirm | DRAFT     | login     | no    | no    | state   | state   | state | locked
  confirm | PLACED    | login     | no    | no    | ok      | ok      | ok    | locked
  confirm | CONFIRMED | login     | no    | no    | state   | state   | state | locked
  confirm | SHIPPED   | login     | no    | no    | state   | state   | state | locked
  confirm | DELIVERED | login     | no    | no    | state   | state   | state | locked
  confirm | CANCELLED | login     | no    | no    | state   | state   | state | locked
  confirm | RETURNED  | login     | no    | no    | state   | state   | state | locked
  ship    | DRAFT     | login     | no    | no    | no      | state   | state | locked
  ship    | PLACED    | login     | no    | no    | no      | state   | state | locked
  ship    | CONFIRMED | login     | no    | no    | no      | ok      | ok    | locked
  ship    | SHIPPED   | login     | no    | no    | no      | state   | state | locked
  ship    | DELIVERED | login     | no    | no    | no      | state   | state | locked
  ship    | CANCELLED | login     | no    | no    | no      | state   | state | locked
  ship    | RETURNED  | login     | no    | no    | no      | state   | state | locked
  deliver | DRAFT     | login     | no    | no    | state   | state   | state | locked
  deliver | PLACED    | login     | no    | no    | state   | state   | state | locked
  deliver | CONFIRMED | login     | no    | no    | state   | state   | state | locked
  deliver | SHIPPED   | login     | no    | no    | ok      | ok      | ok    | locked
  deliver | DELIVERED | login     | no    | no    | state   | state   | state | locked
  deliver | CANCELLED | login     | no    | no    | state   | state   | state | locked
  deliver | RETURNED  | login     | no    | no    | state   | state   | state | locked
  cancel  | DRAFT     | login     | ok    | gone  | ok      | ok      | ok    | locked
  cancel  | PLACED    | login     | ok    | gone  | ok      | ok      | ok    | locked
  cancel  | CONFIRMED | login     | no    | gone  | ok      | ok      | ok    | locked
  cancel  | SHIPPED   | login     | state | gone  | state   | state   | state | locked
  cancel  | DELIVERED | login     | state | gone  | state   | state   | state | locked
  cancel  | CANCELLED | login     | state | gone  | state   | state   | state | locked
  cancel  | RETURNED  | login     | state | gone  | state   | state   | state | locked
  return  | DRAFT     | login     | no    | no    | state   | state   | state | locked
  return  | PLACED    | login     | no    | no    | state   | state   | state | locked
  return  | CONFIRMED | login     | no    | no    | state   | state   | state | locked
  return  | SHIPPED   | login     | no    | no    | state   | state   | state | locked
  return  | DELIVERED | login     | no    | no    | ok      | ok      | ok    | locked
  return  | CANCELLED | login     | no    | no    | state   | state   | state | locked
  return  | RETURNED  | login     | no    | no    | state   | state   | state | locked
`);
/** Where a move leads. */
export const moveResults: Readonly<Record<string, string>> = {
  place: 'PLACED',
  confirm: 'CONFIRMED',
  ship: 'SHIPPED',
  deliver: 'DELIVERED',
  cancel: 'CANCELLED',
  return: 'RETURNED',
};
