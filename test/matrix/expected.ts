/**
 * Who may do what, written by hand from the requirements: this file imports nothing, so nothing that is wrong in the
 * product can make it wrong in the same way. A new operation needs rows here, or the matrix fails.
 *
 * ok      it is done                          login   UNAUTHENTICATED: signing in could help
 * 0, 1, 2 it is done, and finds so many rows  locked  ACCOUNT_SUSPENDED: the account is suspended
 * no      FORBIDDEN                           gone    …_NOT_FOUND: absent or invisible, nobody can tell which
 * field   FIELD_FORBIDDEN                     state   ORDER_MOVE_NOT_POSSIBLE
 * self    SELF_SUSPENSION                     placed  ORDER_NOT_DRAFT
 */
export const callers = ['anonymous', 'ada', 'grace', 'support', 'manager', 'admin', 'suspended'] as const;
export type Caller = (typeof callers)[number];
export type Outcome = string;
export interface Row {
  readonly operation: string;
  readonly situation: string;
  readonly outcomes: Readonly<Record<Caller, Outcome>>;
}

/** By operation, through REST and as a root field of GraphQL. What there is to own belongs to Ada. */
export const operations = rows(`
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

  listUsers       | Ada and Grace              | login     | 1      | 1     | 2       | 2       | 2      | locked
  me              | the profile                | login     | ok     | ok    | ok      | ok      | ok     | locked
  updateMe        | the profile                | login     | ok     | ok    | ok      | ok      | ok     | locked
  getUser         | Ada                        | login     | ok     | gone  | ok      | ok      | ok     | locked
  getUser         | a suspended account        | login     | gone   | gone  | ok      | ok      | ok     | locked
  getUser         | there is none              | login     | gone   | gone  | gone    | gone    | gone   | locked
  suspendUser     | a customer                 | login     | no     | no    | no      | no      | ok     | locked
  suspendUser     | oneself                    | login     | no     | no    | no      | no      | self   | locked
  reactivateUser  | a suspended account        | login     | no     | no    | no      | no      | ok     | locked
  setUserRoles    | of a customer              | login     | no     | no    | no      | no      | ok     | locked
  setUserRoles    | of oneself                 | login     | no     | no    | no      | no      | ok     | locked
  listRoles       | all                        | login     | no     | no    | no      | no      | 4      | locked
  getRole         | a built-in one             | login     | no     | no    | no      | no      | ok     | locked

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
`);

/** Through paths of GraphQL: how many rows there are at the end of the path, or the error of its root. */
export const nested = rows(`
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
  Product.category  | of one for sale and a draft                  | 1         | 1   | 1     | 2       | 2       | 2     | locked
  Product.category  | of products of an order, one of them a draft | login     | 1   | gone  | 2       | 2       | 2     | locked
  Category.products | one for sale, one draft                      | 1         | 1   | 1     | 2       | 2       | 2     | locked
  Category.products | by the category of a product                 | 1         | 1   | 1     | 2       | 2       | 2     | locked
  Category.products | counted                                      | 1         | 1   | 1     | 2       | 2       | 2     | locked
  Category.products | by the products of an order                  | login     | 1   | gone  | 2       | 2       | 2     | locked
`);

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

/**
 * Fields that can be hidden, by whose row it is. shown: it is there. never: it is in no row that the caller sees, so
 * that lists cannot be filtered by it either. hidden: it is in other rows than this, so a filter by it must not find
 * this one. –: the caller does not see the row. Nobody sorts by any of them.
 */
export const fields = rows(`
  field                 | of        | anonymous | ada   | grace | support | manager | admin | suspended
  Order.internalNote    | ada       | –         | never | –     | shown   | shown   | shown | –
  Order.internalNote    | grace     | –         | –     | never | shown   | shown   | shown | –
  User.email            | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.email            | support   | –         | –     | –     | shown   | shown   | shown | –
  User.status           | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.status           | suspended | –         | –     | –     | shown   | shown   | shown | –
  User.suspensionReason | ada       | –         | never | –     | shown   | shown   | shown | –
  User.suspensionReason | grace     | –         | –     | never | shown   | shown   | shown | –
  User.suspensionReason | suspended | –         | –     | –     | shown   | shown   | shown | –
  User.locale           | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.timeZone         | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.roles            | ada       | –         | shown | –     | shown   | shown   | shown | –
  User.roles            | admin     | –         | –     | –     | shown   | shown   | shown | –
  User.preferences      | ada       | –         | shown | –     | hidden  | hidden  | shown | –
  User.preferences      | grace     | –         | –     | shown | hidden  | hidden  | shown | –
  User.preferences      | support   | –         | –     | –     | shown   | hidden  | shown | –
  User.preferences      | manager   | –         | –     | –     | hidden  | shown   | shown | –
  User.preferences      | admin     | –         | –     | –     | hidden  | hidden  | shown | –
`);

/** The fields that commands take. Whatever else is sent is refused, whoever sends it, and changes nothing. */
export const inputs: Readonly<Record<string, readonly string[]>> = {
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
  updateMe: ['displayName', 'locale', 'timeZone', 'preferences'],
  suspendUser: ['reason'],
  reactivateUser: [],
  setUserRoles: ['roles'],
  createCategory: ['id', 'slug', 'name', 'description', 'position'],
  updateCategory: ['slug', 'name', 'description', 'position'],
  deleteCategory: [],
  createProduct: ['id', 'categoryId', 'sku', 'name', 'description', 'price', 'stock', 'status', 'attributes'],
  updateProduct: ['categoryId', 'sku', 'name', 'description', 'price', 'stock', 'status', 'attributes'],
  deleteProduct: [],
};
/** What somebody might try to slip in. */
export const temptations = `
  id version etag xid createdAt updatedAt deletedAt createdBy
  role roles rules builtIn permissions isAdmin email suspensionReason
  ownerId customerId customer userId actorId actor
  status placedAt place total totalAmount currency history historyCount internalNote
  price priceAmount unitPrice stock search constructor
`
  .trim()
  .split(/\s+/);

function rows(table: string): Row[] {
  const [head, ...body] = table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return body.map((cells) => ({
    operation: cells[0],
    situation: cells[1],
    outcomes: Object.fromEntries(head.slice(2).map((caller, i) => [caller, cells[i + 2]])) as Row['outcomes'],
  }));
}
