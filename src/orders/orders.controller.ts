import { Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { Body, CommandOperation, IfMatch, ListOperation, ReadOperation } from '#libs/http/operation.js';
import { created, restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { catalogErrors } from '#src/catalog/catalog.errors.js';
import {
  CreateOrderInput,
  MoveOrderInput,
  ReturnOrderInput,
  SetOrderLineInput,
  UpdateOrderInput,
} from './orders.contract.js';
import { orderErrors } from './orders.errors.js';
import { orders } from './orders.resource.js';
import { OrdersService } from './orders.service.js';

const {
  ORDER_NOT_FOUND,
  ORDER_LINE_NOT_FOUND,
  ORDER_MOVE_NOT_POSSIBLE,
  ORDER_NOT_DRAFT,
  ORDER_EMPTY,
  ORDER_MIXED_CURRENCIES,
  ORDER_TOO_LARGE,
} = orderErrors;
const { OUT_OF_STOCK, PRODUCT_NOT_FOR_SALE } = catalogErrors;
const unfit = [PRODUCT_NOT_FOR_SALE, ORDER_MIXED_CURRENCIES, ORDER_TOO_LARGE];
const move = (id: string, summary: string, errors = [] as (typeof ORDER_NOT_FOUND)[]) =>
  CommandOperation(orders, {
    id,
    summary,
    input: id === 'returnOrder' ? ReturnOrderInput : MoveOrderInput,
    inputRequired: false,
    ifMatch: true,
    errors: [ORDER_NOT_FOUND, ORDER_MOVE_NOT_POSSIBLE, ...errors],
  });
const ProductParam = () =>
  ApiParam({
    name: 'productId',
    description: 'Id of the product.',
    schema: { type: 'string', format: 'uuid', maxLength: 36 },
  });

@ApiTags('orders')
@Controller({ path: 'orders', version: '1' })
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get()
  @Can('read', 'Order')
  @ListOperation(orders, { id: 'listOrders', summary: 'Lists the orders that the caller may see.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.orders.list(actor, restList(orders, query));
  }
  @Post()
  @Can('create', 'Order')
  @CommandOperation(orders, {
    id: 'createOrder',
    summary: 'Makes a draft, or with `place` an order.',
    byId: false,
    status: 201,
    input: CreateOrderInput,
    errors: [...unfit, OUT_OF_STOCK],
  })
  async create(@Who() actor: Actor, @Body(CreateOrderInput) input: CreateOrderInput, @Query() query: RestQuery) {
    return created('/v1/orders', await this.orders.create(actor, input, restAsk(orders, query)));
  }
  @Get(':id')
  @Can('read', 'Order')
  @ReadOperation(orders, { id: 'getOrder', summary: 'Reads an order.', errors: [ORDER_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.orders.get(actor, id, restAsk(orders, query));
  }
  @Patch(':id')
  @Can('update', 'Order')
  @CommandOperation(orders, {
    id: 'updateOrder',
    summary: 'Changes the notes of an order.',
    input: UpdateOrderInput,
    ifMatch: true,
    errors: [ORDER_NOT_FOUND, ORDER_NOT_DRAFT],
  })
  update(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(UpdateOrderInput) input: UpdateOrderInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.update(actor, id, input, ifMatch, restAsk(orders, query));
  }
  @Put(':id/lines/:productId')
  @Can('update', 'Order')
  @ProductParam()
  @CommandOperation(orders, {
    id: 'setOrderLine',
    summary: 'Sets how many pieces of a product a draft orders.',
    input: SetOrderLineInput,
    ifMatch: true,
    errors: [ORDER_NOT_FOUND, ORDER_NOT_DRAFT, ...unfit],
  })
  setLine(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Param('productId') productId: string,
    @Body(SetOrderLineInput) input: SetOrderLineInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.setLine(actor, id, productId, input, ifMatch, restAsk(orders, query));
  }
  @Delete(':id/lines/:productId')
  @Can('update', 'Order')
  @ProductParam()
  @CommandOperation(orders, {
    id: 'removeOrderLine',
    summary: 'Takes a product off a draft.',
    ifMatch: true,
    errors: [ORDER_NOT_FOUND, ORDER_NOT_DRAFT, ORDER_LINE_NOT_FOUND],
  })
  removeLine(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Param('productId') productId: string,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.removeLine(actor, id, productId, ifMatch, restAsk(orders, query));
  }
  @Post(':id/place')
  @Can('place', 'Order')
  @move('placeOrder', 'Places a draft: takes its pieces from stock.', [ORDER_EMPTY, OUT_OF_STOCK, ...unfit])
  place(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(MoveOrderInput) input: MoveOrderInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.place(actor, id, input, ifMatch, restAsk(orders, query));
  }
  @Post(':id/confirm')
  @Can('confirm', 'Order')
  @move('confirmOrder', 'Accepts a placed order.')
  confirm(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(MoveOrderInput) input: MoveOrderInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.confirm(actor, id, input, ifMatch, restAsk(orders, query));
  }
  @Post(':id/ship')
  @Can('ship', 'Order')
  @move('shipOrder', 'Sends a confirmed order on its way.')
  ship(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(MoveOrderInput) input: MoveOrderInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.ship(actor, id, input, ifMatch, restAsk(orders, query));
  }
  @Post(':id/deliver')
  @Can('deliver', 'Order')
  @move('deliverOrder', 'Notes that a shipped order arrived.')
  deliver(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(MoveOrderInput) input: MoveOrderInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.deliver(actor, id, input, ifMatch, restAsk(orders, query));
  }
  @Post(':id/cancel')
  @Can('cancel', 'Order')
  @move('cancelOrder', 'Calls an order off; pieces that it took go back to stock.')
  cancel(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(MoveOrderInput) input: MoveOrderInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.cancel(actor, id, input, ifMatch, restAsk(orders, query));
  }
  @Post(':id/return')
  @Can('return', 'Order')
  @move('returnOrder', 'Notes that a delivered order came back.')
  return(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(ReturnOrderInput) input: ReturnOrderInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.orders.return(actor, id, input, ifMatch, restAsk(orders, query));
  }
}
