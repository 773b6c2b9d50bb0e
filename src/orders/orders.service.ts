import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import type { Actor } from '#libs/authz/actor.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import type { Document, Listing } from '#libs/database/answers.js';
import { Database } from '#libs/database/database.js';
import { isUuid, type Ask, type ListInput } from '#libs/database/list.js';
import type { Transaction } from '#libs/database/pipelined-transaction.js';
import { Reads } from '#libs/database/reads.js';
import { Statements } from '#libs/database/statements.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { catalogErrors } from '#src/catalog/catalog.errors.js';
import { Stock, type Offer } from '#src/catalog/stock.js';
import { NotificationsService } from '#src/notifications/notifications.service.js';
import { orderMoves, OrderStatus, type OrderMove } from './order-moves.js';
import { Order, OrderLine } from './order.entity.js';
import {
  maxLines,
  type CreateOrderInput,
  type MoveOrderInput,
  type ReturnOrderInput,
  type SetOrderLineInput,
  type UpdateOrderInput,
} from './orders.contract.js';
import { orderErrors } from './orders.errors.js';
import { notificationsOf } from './orders.notifications.js';
import { insertOrder } from './orders.queries.js';
import { orders } from './orders.resource.js';

type IfMatch = string | null | undefined;

const orderRows: Rows<Order> = { resource: orders, entity: Order, notFound: orderErrors.ORDER_NOT_FOUND };

@Injectable()
export class OrdersService {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
    private readonly statements: Statements,
    private readonly stock: Stock,
    private readonly notifications: NotificationsService,
    private readonly audit: Audit,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(orders, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask, transaction?: Transaction): Promise<Document> {
    const found = await this.reads.document(orders, actor, id, ask, transaction);
    if (!found) throw new AppError(orderErrors.ORDER_NOT_FOUND);
    return found;
  }
  /** A draft, or with `place` an order whose pieces are taken in the same transaction. */
  create(actor: Actor, input: CreateOrderInput, ask: Ask): Promise<Document> {
    const seen = new Set<string>();
    for (const [i, { productId }] of input.lines.entries()) {
      if (seen.has(productId.toLowerCase()))
        throw new AppError(commonErrors.VALIDATION_FAILED, {
          details: [{ field: `lines.${i}.productId`, code: 'NOT_UNIQUE' }],
        });
      seen.add(productId.toLowerCase());
    }
    const draft = () => Order.draft({ id: input.id, note: input.note, customerId: actor.requireId() });
    actor.require('create', draft());
    const wanted = input.lines.map((l) => ({ productId: l.productId.toLowerCase(), quantity: l.quantity }));
    const offersOf = (transaction: Transaction) =>
      input.place
        ? this.stock.hold(transaction, wanted)
        : this.stock.offers(
            transaction,
            wanted.map((w) => w.productId),
          );
    return this.database.pipelined(offersOf, async (transaction, offers) => {
      const order = draft();
      const lines = wanted.map((w, i) => OrderLine.of(order, offerOf(offers, w.productId, i), w.quantity, i + 1));
      order.total(lines);
      if (input.place) actor.require('place', order);
      const moves = input.place ? [order.move('place', actor.id, null)] : [];
      const told = moves.flatMap((entry) => notificationsOf('place', order, entry));
      // Rejected before the commit is sent: an actor who may create but not read gets no order.
      if (!actor.can('read', order)) throw new AppError(orderErrors.ORDER_NOT_FOUND);
      const [, , created] = await Promise.all([
        input.place && this.stock.takeHeld(transaction, wanted),
        insertOrder(this.statements, transaction, order, lines, moves, told),
        this.get(actor, order.id, ask, transaction),
      ]);
      return created;
    });
  }
  update(actor: Actor, id: string, input: UpdateOrderInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (order: Order) =>
      actor.requireFields('update', input.note === undefined ? order : order.in('DRAFT'), input);
    const work = (_em: EntityManager, order: Order) => {
      if (input.note !== undefined) requireDraft(order);
      if (input.note !== undefined) order.note = input.note;
      if (input.internalNote !== undefined) order.internalNote = input.internalNote;
    };
    return this.commands.change(orderRows, { actor, id, ifMatch, allow, work }, ask);
  }
  /** Sets how many pieces of a product a draft orders, at the price of now; a new product becomes the last line. */
  setLine(actor: Actor, id: string, productId: string, input: SetOrderLineInput, ifMatch: IfMatch, ask: Ask) {
    const work = async (em: EntityManager, order: Order) => {
      requireDraft(order);
      const lines = await this.linesOf(em, order);
      const offer = offerOf(
        await this.stock.offers(em, isUuid(productId) ? [productId] : []),
        productId.toLowerCase(),
        0,
      );
      let line = lines.find((l) => l.productId === offer.productId);
      if (!line) {
        if (lines.length >= maxLines) throw new AppError(orderErrors.ORDER_TOO_LARGE);
        line = OrderLine.of(order, offer, input.quantity, (lines.at(-1)?.position ?? 0) + 1);
        lines.push(line);
      }
      line.quantity = input.quantity;
      line.offer(offer);
      order.total(lines);
      order.updatedAt = new Date();
      // The order first: its write is the change, and a part that follows finds it stamped.
      await em.flush();
      em.persist(line);
    };
    return this.commands.change(orderRows, { actor, id, ifMatch, allow: mayEditLines(actor), work }, ask);
  }
  removeLine(actor: Actor, id: string, productId: string, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const work = async (em: EntityManager, order: Order) => {
      requireDraft(order);
      const lines = await this.linesOf(em, order);
      const line = lines.find((l) => l.productId === productId.toLowerCase());
      if (!line) throw new AppError(orderErrors.ORDER_LINE_NOT_FOUND);
      order.total(lines.filter((l) => l !== line));
      order.updatedAt = new Date();
      await em.flush();
      em.remove(line);
    };
    return this.commands.change(orderRows, { actor, id, ifMatch, allow: mayEditLines(actor), work }, ask);
  }
  place(actor: Actor, id: string, input: MoveOrderInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.move('place', actor, id, input, ifMatch, ask, async (em, order) => {
      const lines = await this.linesOf(em, order);
      if (lines.length === 0) throw new AppError(orderErrors.ORDER_EMPTY);
      const offers = await this.stock.take(em, lines);
      // What is ordered is what is offered at this moment, whatever it was when the draft was made.
      for (const [i, line] of lines.entries()) line.offer(offerOf(offers, line.productId, i));
      order.total(lines);
    });
  }
  confirm(actor: Actor, id: string, input: MoveOrderInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.move('confirm', actor, id, input, ifMatch, ask);
  }
  ship(actor: Actor, id: string, input: MoveOrderInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.move('ship', actor, id, input, ifMatch, ask);
  }
  deliver(actor: Actor, id: string, input: MoveOrderInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.move('deliver', actor, id, input, ifMatch, ask);
  }
  /** Gives the pieces back that placing took. */
  cancel(actor: Actor, id: string, input: MoveOrderInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.move('cancel', actor, id, input, ifMatch, ask, async (em, order) => {
      if (order.status !== OrderStatus.DRAFT) await this.stock.giveBack(em, await this.linesOf(em, order));
    });
  }
  return(actor: Actor, id: string, input: ReturnOrderInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.move('return', actor, id, input, ifMatch, ask, async (em, order) => {
      if (input.restock) await this.stock.giveBack(em, await this.linesOf(em, order));
    });
  }

  private move(
    move: OrderMove,
    actor: Actor,
    id: string,
    input: MoveOrderInput,
    ifMatch: IfMatch,
    ask: Ask,
    effect?: (em: EntityManager, order: Order) => Promise<void>,
  ): Promise<Document> {
    const from: readonly OrderStatus[] = orderMoves[move].from;
    // FORBIDDEN where the caller could not make the move from any status; a conflict where nobody can from this one.
    const allow = (order: Order) => {
      if (!from.some((status) => actor.can(move, order.in(status)))) throw actor.refusal(move, 'Order');
    };
    const work = async (em: EntityManager, order: Order) => {
      if (from.includes(order.status)) actor.require(move, order);
      else throw new AppError(orderErrors.ORDER_MOVE_NOT_POSSIBLE, { params: { status: order.status } });
      await effect?.(em, order);
      const entry = order.move(move, actor.id, input.reason ?? null);
      em.persist(entry);
      if (actor.id !== order.customerId) this.recordMove(em, move, order, input.reason);
      await this.notifications.notify(em, notificationsOf(move, order, entry));
    };
    return this.commands.change(orderRows, { actor, id, ifMatch, allow, work }, ask);
  }
  private recordMove(em: EntityManager, move: OrderMove, { id, customerId }: Order, reason?: string | null): void {
    const action = `order.${move}`;
    const event = { action, subject: 'Order', subjectId: id, personId: customerId };
    this.audit.record(em, { ...event, ...(reason && { after: { reason }, personal: ['reason'] }) });
  }
  private linesOf(em: EntityManager, order: Order): Promise<OrderLine[]> {
    return em.find(OrderLine, { orderId: order.id }, { orderBy: { position: 'asc' } });
  }
}
const mayEditLines = (actor: Actor) => (order: Order) => {
  if (!actor.can('update', order.in('DRAFT'), 'lines')) throw actor.refusal('update', 'Order');
};
function requireDraft(order: Order): void {
  if (order.status !== OrderStatus.DRAFT) throw new AppError(orderErrors.ORDER_NOT_DRAFT);
}
function offerOf(offers: ReadonlyMap<string, Offer>, productId: string, index: number): Offer {
  const offer = offers.get(productId);
  if (!offer)
    throw new AppError(catalogErrors.PRODUCT_NOT_FOR_SALE, {
      details: [{ field: `lines.${index}.productId`, code: 'NOT_FOUND' }],
    });
  return offer;
}
