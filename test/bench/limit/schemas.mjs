const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const int = { type: 'integer' };

/** @param {Record<string, object>} properties */
const object = (properties) => ({ type: 'object', properties });
/** @param {object} items */
const array = (items) => ({ type: 'array', items });

const money = object({ amount: int, currency: text });
const page = object({ next: textOrNull, limit: int });
const product = { ...object({ name: text }), nullable: true };
const line = object({
  id: text,
  position: int,
  productId: text,
  sku: text,
  name: text,
  quantity: int,
  unitPrice: money,
  total: money,
});
const ownFields = {
  id: text,
  customerId: text,
  status: text,
  total: money,
  note: textOrNull,
  placedAt: textOrNull,
  createdAt: text,
  updatedAt: text,
  version: int,
};
export const order = object({ ...ownFields, lines: array(line) });
export const orderList = object({ data: array(object({ ...ownFields, internalNote: textOrNull })), page });

const latest = array(
  object({
    id: text,
    status: text,
    total: money,
    note: textOrNull,
    placedAt: textOrNull,
    createdAt: text,
    lines: array(
      object({ id: text, position: int, sku: text, quantity: int, unitPrice: money, total: money, product }),
    ),
  }),
);
export const latestOrders = object({ data: latest, page });
export const latestOrdersGraphql = object({
  data: object({ orders: object({ nodes: latest, pageInfo: object({ hasNextPage: { type: 'boolean' } }) }) }),
});
export const newestUsersGraphql = object({
  data: object({
    users: object({
      nodes: array(
        object({
          id: text,
          displayName: text,
          orders: object({
            nodes: array(
              object({ id: text, status: text, total: money, lines: array(object({ quantity: int, product })) }),
            ),
          }),
        }),
      ),
    }),
  }),
});
export const placeBody = {
  ...object({
    lines: {
      ...array({
        ...object({ productId: { ...text, format: 'uuid' }, quantity: { ...int, minimum: 1, maximum: 1000 } }),
        required: ['productId', 'quantity'],
        additionalProperties: false,
      }),
      minItems: 1,
      maxItems: 100,
    },
    note: { ...textOrNull, maxLength: 1000 },
    place: { const: true },
  }),
  required: ['lines', 'place'],
  additionalProperties: false,
};
