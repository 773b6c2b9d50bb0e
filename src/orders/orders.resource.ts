import { many, one, resource } from '#libs/database/resource.js';
import { products } from '#src/catalog/catalog.resource.js';
import { users } from '#src/users/users.resource.js';
import { Order, OrderHistoryEntry, OrderLine } from './order.entity.js';
import { OrderHistoryView, OrderLineView, OrderView } from './orders.contract.js';

export const orderLines = resource({
  name: 'orderLine',
  plural: 'orderLines',
  view: OrderLineView,
  entity: OrderLine,
  defaultSort: 'position',
  relations: { product: one(() => products, 'productId') },
});
export const orderHistory = resource({
  name: 'orderHistoryEntry',
  plural: 'orderHistory',
  view: OrderHistoryView,
  entity: OrderHistoryEntry,
  defaultSort: 'number',
});
export const orders = resource({
  name: 'order',
  plural: 'orders',
  view: OrderView,
  entity: Order,
  subject: 'Order',
  filters: {
    id: ['in'],
    customerId: ['eq', 'in'],
    status: ['eq', 'ne', 'in'],
    placedAt: ['gte', 'lt'],
    createdAt: ['gte', 'lt'],
    totalAmount: ['gte', 'lte'],
    internalNote: ['contains'],
  },
  sorts: ['createdAt', 'placedAt', 'totalAmount'],
  defaultSort: '-createdAt',
  relations: {
    lines: many(() => orderLines, 'orderId'),
    history: many(() => orderHistory, 'orderId'),
    customer: one(() => users, 'customerId'),
  },
  detail: ['lines'],
});
