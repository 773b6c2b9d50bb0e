import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { v7 as uuidv7 } from 'uuid';
import { Audited } from '#libs/audit/audited.js';
import { maxAmount } from '#libs/contract/money.js';
import { BaseEntity } from '#libs/database/base-entity.js';
import { AppError } from '#libs/errors/app-error.js';
import { Product } from '#src/catalog/product.entity.js';
import type { Offer } from '#src/catalog/stock.js';
import { User } from '#src/users/user.entity.js';
import { orderMoves, OrderStatus, type OrderMove } from './order-moves.js';
import { orderErrors } from './orders.errors.js';

/** What customers do to their own orders, their history tells. */
@Audited<Order>({
  subject: 'Order',
  person: 'customerId',
  personal: ['note', 'internalNote'],
  except: ['historyCount'],
  when: (order, actorId) => actorId !== order.customerId,
})
@Entity({ tableName: 'orders' })
export class Order extends BaseEntity {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'customer_id' })
  customerId!: string;

  @Property({ type: 'text' })
  status: OrderStatus = OrderStatus.DRAFT;

  @Property({ type: 'bigint', runtimeType: 'number' })
  totalAmount = 0;

  @Property({ type: 'text' })
  currency!: string;

  @Property({ type: 'text', nullable: true })
  note: string | null = null;

  @Property({ type: 'text', nullable: true })
  internalNote: string | null = null;

  @Property({ type: 'datetime', columnType: 'timestamptz(3)', nullable: true })
  placedAt: Date | null = null;

  @Property({ type: 'integer' })
  historyCount = 0;

  static draft(fields: { id?: string; customerId: string; note?: string | null }): Order {
    const order = new Order();
    if (fields.id) order.id = fields.id.toLowerCase();
    order.customerId = fields.customerId;
    order.note = fields.note ?? null;
    // As it will be in the database, where rules may look at any column.
    order.version = 1;
    order.updatedAt = order.createdAt;
    order.deletedAt = null;
    return order;
  }
  /** Everything as it is, in another status: to ask a rule what it would say then. */
  in(status: OrderStatus): Order {
    return Object.create(this, { status: { value: status } }) as Order;
  }
  /** Adds up the lines; they must be of one currency. An order without lines keeps its currency. */
  total(lines: readonly OrderLine[]): void {
    const [first] = lines;
    if (first) this.currency = first.currency;
    if (lines.some((line) => line.currency !== this.currency)) throw new AppError(orderErrors.ORDER_MIXED_CURRENCIES);
    const total = lines.reduce((sum, line) => sum + line.unitPriceAmount * line.quantity, 0);
    if (total > maxAmount) throw new AppError(orderErrors.ORDER_TOO_LARGE);
    this.totalAmount = total;
  }
  /** Makes a move that its table allows, and gives the row of its history. */
  move(move: OrderMove, actorId: string | null, reason: string | null): OrderHistoryEntry {
    const { from, to } = orderMoves[move];
    if (!(from as readonly OrderStatus[]).includes(this.status))
      throw new AppError(orderErrors.ORDER_MOVE_NOT_POSSIBLE, { params: { status: this.status, move } });
    const entry = new OrderHistoryEntry();
    entry.orderId = this.id;
    entry.customerId = this.customerId;
    entry.number = ++this.historyCount;
    entry.fromStatus = this.status;
    entry.toStatus = to;
    entry.actorId = actorId;
    entry.reason = reason;
    this.status = to;
    if (move === 'place') this.placedAt = entry.at;
    return entry;
  }
}

/** A part of an order: what was ordered, as it was offered then. */
@Entity({ tableName: 'order_lines' })
export class OrderLine {
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @ManyToOne(() => Order, { mapToPk: true, fieldName: 'order_id' })
  orderId!: string;

  @Property({ type: 'uuid' })
  customerId!: string;

  @Property({ type: 'integer' })
  position!: number;

  @ManyToOne(() => Product, { mapToPk: true, fieldName: 'product_id' })
  productId!: string;

  @Property({ type: 'text' })
  sku!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'bigint', runtimeType: 'number' })
  unitPriceAmount!: number;

  @Property({ type: 'text' })
  currency!: string;

  @Property({ type: 'integer' })
  quantity!: number;

  /** Kept by the database. */
  @Property({ type: 'bigint', runtimeType: 'number', generated: 'stored', lazy: true })
  totalAmount?: number;

  static of(order: Order, offer: Offer, quantity: number, position: number): OrderLine {
    const line = new OrderLine();
    line.orderId = order.id;
    line.customerId = order.customerId;
    line.productId = offer.productId;
    line.position = position;
    line.quantity = quantity;
    line.offer(offer);
    return line;
  }
  /** Takes over sku, name and price as they are offered now. */
  offer(offer: Offer): void {
    this.sku = offer.sku;
    this.name = offer.name;
    this.unitPriceAmount = offer.priceAmount;
    this.currency = offer.currency;
  }
}

/** Who moved an order when, and why. Never changed. */
@Entity({ tableName: 'order_history' })
export class OrderHistoryEntry {
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @ManyToOne(() => Order, { mapToPk: true, fieldName: 'order_id' })
  orderId!: string;

  @Property({ type: 'uuid' })
  customerId!: string;

  /** Counts the moves of one order, taken under its row's lock. */
  @Property({ type: 'integer' })
  number!: number;

  @Property({ type: 'text', nullable: true })
  fromStatus!: OrderStatus | null;

  @Property({ type: 'text' })
  toStatus!: OrderStatus;

  @Property({ type: 'uuid', nullable: true })
  actorId!: string | null;

  @Property({ type: 'text', nullable: true })
  reason!: string | null;

  @Property({ type: 'datetime', columnType: 'timestamptz(3)' })
  at: Date = new Date();
}
