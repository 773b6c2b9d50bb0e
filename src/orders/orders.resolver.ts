import { Args, ArgsType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Public, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { childPages } from '#libs/graphql/child-pages.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { UserView } from '#src/users/users.contract.js';
import {
  CreateOrderInput,
  MoveOrderInput,
  OrderView,
  ReturnOrderInput,
  SetOrderLineInput,
  UpdateOrderInput,
} from './orders.contract.js';
import { orders } from './orders.resource.js';
import { OrdersService } from './orders.service.js';

@ObjectType({ description: 'A page of orders.' })
export class OrderConnection extends Connection(orders) {}
@ArgsType()
export class OrderListArgs extends ConnectionArgs(orders) {}

const order = (description: string) => ({ description, nullable: true });
const Move = (description: string) => Mutation(() => OrderView, order(description));

@Resolver(() => OrderView)
export class OrdersResolver {
  constructor(private readonly service: OrdersService) {}

  @Query(() => OrderConnection, order('Lists the orders that the caller may see.'))
  @Can('read', 'Order')
  orders(@Who() actor: Actor, @Args() args: OrderListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, orders)));
  }
  @Query(() => OrderView, order('Reads an order.'))
  @Can('read', 'Order')
  order(@Who() actor: Actor, @IdArg('order') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, orders));
  }
  @Mutation(() => OrderView, order('Makes a draft, or with `place` an order.'))
  @Can('create', 'Order')
  createOrder(
    @Who() actor: Actor,
    @InputArg(CreateOrderInput) input: CreateOrderInput,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.create(actor, input, askOf(info, orders));
  }
  @Mutation(() => OrderView, order('Changes the notes of an order.'))
  @Can('update', 'Order')
  updateOrder(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @InputArg(UpdateOrderInput) input: UpdateOrderInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.update(actor, id, input, ifMatch, askOf(info, orders));
  }
  @Mutation(() => OrderView, order('Sets how many pieces of a product a draft orders.'))
  @Can('update', 'Order')
  setOrderLine(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @IdArg('product', 'productId') productId: string,
    @InputArg(SetOrderLineInput) input: SetOrderLineInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.setLine(actor, id, productId, input, ifMatch, askOf(info, orders));
  }
  @Mutation(() => OrderView, order('Takes a product off a draft.'))
  @Can('update', 'Order')
  removeOrderLine(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @IdArg('product', 'productId') productId: string,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.removeLine(actor, id, productId, ifMatch, askOf(info, orders));
  }
  @Move('Places a draft: takes its pieces from stock.')
  @Can('place', 'Order')
  placeOrder(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @InputArg(MoveOrderInput, { optional: true }) input: MoveOrderInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.place(actor, id, input, ifMatch, askOf(info, orders));
  }
  @Move('Accepts a placed order.')
  @Can('confirm', 'Order')
  confirmOrder(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @InputArg(MoveOrderInput, { optional: true }) input: MoveOrderInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.confirm(actor, id, input, ifMatch, askOf(info, orders));
  }
  @Move('Sends a confirmed order on its way.')
  @Can('ship', 'Order')
  shipOrder(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @InputArg(MoveOrderInput, { optional: true }) input: MoveOrderInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.ship(actor, id, input, ifMatch, askOf(info, orders));
  }
  @Move('Notes that a shipped order arrived.')
  @Can('deliver', 'Order')
  deliverOrder(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @InputArg(MoveOrderInput, { optional: true }) input: MoveOrderInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.deliver(actor, id, input, ifMatch, askOf(info, orders));
  }
  @Move('Calls an order off; pieces that it took go back to stock.')
  @Can('cancel', 'Order')
  cancelOrder(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @InputArg(MoveOrderInput, { optional: true }) input: MoveOrderInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.cancel(actor, id, input, ifMatch, askOf(info, orders));
  }
  @Move('Notes that a delivered order came back.')
  @Can('return', 'Order')
  returnOrder(
    @Who() actor: Actor,
    @IdArg('order') id: string,
    @InputArg(ReturnOrderInput, { optional: true }) input: ReturnOrderInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.return(actor, id, input, ifMatch, askOf(info, orders));
  }
}

/** What orders add to users. */
export const UserOrdersResolver = childPages('UserOrdersResolver', {
  parent: UserView,
  field: 'orders',
  resource: orders,
  key: 'customerId',
  page: OrderConnection,
  args: OrderListArgs,
  access: Public(),
  description: 'The orders of the user that the caller may see, be it none.',
});
