import { Choice, Flag, Id, Input, Instant, Int, Many, One, PickOf, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';
import { Money, MoneyView } from '#libs/contract/money.js';
import { ProductView } from '#src/catalog/catalog.contract.js';
import { UserView } from '#src/users/users.contract.js';
import { OrderStatus } from './order-moves.js';

export const maxLines = 100;
const statusDescriptions = {
  DRAFT: 'Being put together; its lines can be changed.',
  PLACED: 'Ordered; the pieces are taken from stock.',
  CONFIRMED: 'Accepted by the staff.',
  SHIPPED: 'On its way.',
  DELIVERED: 'Arrived.',
  CANCELLED: 'Called off; the pieces went back.',
  RETURNED: 'Sent back after delivery.',
};

@View('OrderLine', 'One product of an order, as it was offered when it was ordered.')
export class OrderLineView {
  @Id({ description: 'Id of the line.' })
  id!: string;

  @Int({ min: 1, description: 'Place in the order, from 1.' })
  position!: number;

  @Id({ description: 'Id of the product.' })
  productId!: string;

  @Text({ maxLength: 40, description: 'Stock keeping unit.', example: 'COF-0001' })
  sku!: string;

  @Text({ maxLength: 200, description: 'Name of the product.', example: 'Espresso beans, 1 kg' })
  name!: string;

  @Int({ min: 1, max: 1000, description: 'Pieces.' })
  quantity!: number;

  @Money({ description: 'Price of one piece.' })
  unitPrice!: MoneyView;

  @Money({ description: 'Price of all pieces.' })
  total!: MoneyView;

  @One(() => ProductView, {
    nullable: true,
    description: 'The product as it is now; null when it is not for sale any more.',
  })
  product!: ProductView | null;
}

@View('OrderHistoryEntry', 'A move of an order from one status to another.')
export class OrderHistoryView {
  @Int({ min: 1, description: 'Counts the moves of the order, from 1.' })
  number!: number;

  @Choice('OrderStatus', OrderStatus, {
    nullable: true,
    description: 'Status before.',
    descriptions: statusDescriptions,
  })
  fromStatus!: OrderStatus | null;

  @Choice('OrderStatus', OrderStatus, { description: 'Status after.', example: 'PLACED' })
  toStatus!: OrderStatus;

  @Id({ nullable: true, description: 'Id of the user who made the move; null when the system did.' })
  actorId!: string | null;

  @Text({ nullable: true, description: 'Why.', example: 'Ordered twice' })
  reason!: string | null;

  @Instant({ description: 'When.' })
  at!: string;
}

@View('Order', 'An order of a customer.')
export class OrderView extends ResourceView {
  @Id({ description: 'Id of the customer.' })
  customerId!: string;

  @Choice('OrderStatus', OrderStatus, { description: 'Where the order stands.' })
  status!: OrderStatus;

  @Money({ description: 'Sum of the lines.' })
  total!: MoneyView;

  @Text({
    nullable: true,
    maxLength: 1000,
    description: 'What the customer wants to say.',
    example: 'Please ring twice.',
  })
  note!: string | null;

  @Text({
    nullable: true,
    restrictable: true,
    maxLength: 2000,
    description: 'Note among the staff; never shown to customers.',
    example: 'Called, will pick up',
  })
  internalNote!: string | null;

  @Instant({ nullable: true, description: 'When it was placed; null before.' })
  placedAt!: string | null;

  @Many(() => OrderLineView, { maxItems: maxLines, description: 'What was ordered.' })
  lines!: OrderLineView[];

  @Many(() => OrderHistoryView, { description: 'Its moves, the first one first.' })
  history!: OrderHistoryView[];

  @One(() => UserView, { nullable: true, description: 'The customer; null when the caller may not see users.' })
  customer!: UserView | null;
}

const quantity = { min: 1, max: 1000, description: 'Pieces.', example: 2 };

@Input('OrderLineInput', 'What is to be ordered.')
export class OrderLineInput {
  @Id({ description: 'Id of the product.' })
  productId!: string;

  @Int(quantity)
  quantity!: number;
}
@Input('CreateOrderInput', 'A new order: a draft, or placed at once.')
export class CreateOrderInput {
  @Id({ optional: true, description: 'Any UUID of the client’s own; made by the server when left out.' })
  id?: string;

  @Many(() => OrderLineInput, {
    minItems: 1,
    maxItems: maxLines,
    description: 'What is to be ordered; a product at most once.',
  })
  lines!: OrderLineInput[];

  @Text({
    optional: true,
    nullable: true,
    maxLength: 1000,
    description: 'What the customer wants to say.',
    example: 'Please ring twice.',
  })
  note?: string | null;

  @Flag({ optional: true, description: 'Place it in the same transaction.' })
  place?: boolean;
}
abstract class OrderFields {
  @Text({
    optional: true,
    nullable: true,
    maxLength: 1000,
    description: 'What the customer wants to say; of drafts, by the customer.',
    example: 'Please ring twice.',
  })
  note?: string | null;

  @Text({
    optional: true,
    nullable: true,
    maxLength: 2000,
    description: 'Note among the staff; by staff.',
    example: 'Called, will pick up',
  })
  internalNote?: string | null;
}
@Input('UpdateOrderInput', 'Changes of an order; what is left out stays, null empties.')
export class UpdateOrderInput extends PickOf(OrderFields, ['note', 'internalNote']) {}

@Input('SetOrderLineInput', 'How many pieces of a product a draft orders.')
export class SetOrderLineInput {
  @Int(quantity)
  quantity!: number;
}
@Input('MoveOrderInput', 'Why an order is moved.')
export class MoveOrderInput {
  @Text({ optional: true, nullable: true, maxLength: 500, description: 'For the history.', example: 'Ordered twice' })
  reason?: string | null;
}
@Input('ReturnOrderInput', 'Why an order came back, and whether its pieces can be sold again.')
export class ReturnOrderInput extends PickOf(MoveOrderInput, ['reason']) {
  @Flag({ optional: true, description: 'Put the pieces back into stock; not unless told.' })
  restock?: boolean;
}
