export const OrderStatus = {
  DRAFT: 'DRAFT',
  PLACED: 'PLACED',
  CONFIRMED: 'CONFIRMED',
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  CANCELLED: 'CANCELLED',
  RETURNED: 'RETURNED',
} as const;
export type OrderStatus = keyof typeof OrderStatus;

interface Move {
  readonly from: readonly OrderStatus[];
  readonly to: OrderStatus;
}
/** The life of an order. Who may make which move from where is in the policy. */
export const orderMoves = {
  place: { from: ['DRAFT'], to: 'PLACED' },
  confirm: { from: ['PLACED'], to: 'CONFIRMED' },
  ship: { from: ['CONFIRMED'], to: 'SHIPPED' },
  deliver: { from: ['SHIPPED'], to: 'DELIVERED' },
  cancel: { from: ['DRAFT', 'PLACED', 'CONFIRMED'], to: 'CANCELLED' },
  return: { from: ['DELIVERED'], to: 'RETURNED' },
} as const satisfies Record<string, Move>;
export type OrderMove = keyof typeof orderMoves;
