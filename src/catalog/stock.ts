import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/database/pipelined-transaction.js';
import { Statements, type Statement } from '#libs/database/statements.js';
import { AppError } from '#libs/errors/app-error.js';
import { catalogErrors } from './catalog.errors.js';

/** What an order keeps of a product at the moment of ordering. */
export interface Offer {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly priceAmount: number;
  readonly currency: string;
  readonly stock: number;
}
export interface Quantity {
  readonly productId: string;
  readonly quantity: number;
}
const columns = 'id, sku, name, price_amount, currency, stock';
const offered = `select ${columns} from products where id = any($1::uuid[]) and status = 'ACTIVE' and deleted_at is null`;
const offersStatement = { name: 'stock_offers', text: offered };
// In the order of ids, so that two orders of the same products wait for each other instead of for ever. The rows that come
// back are those that were locked, at their latest; pieces are taken of those that have enough.
const takeStatement = {
  name: 'stock_take',
  text: `
    with wanted as materialized (select id, quantity from unnest($1::uuid[], $2::int[]) as u (id, quantity)),
    locked as materialized (${offered} order by id for no key update),
    taken as (
      update products p set stock = p.stock - w.quantity from locked l join wanted w using (id)
      where p.id = l.id and l.stock >= w.quantity)
    select ${columns} from locked`,
};
// The same in two: what locks writes nothing, so that it may go out with the `begin` of a pipelined transaction.
const holdStatement = { name: 'stock_hold', text: `${offered} order by id for no key update` };
const takeHeldStatement = {
  name: 'stock_take_held',
  text: `update products p set stock = p.stock - w.quantity
         from (select id, quantity from unnest($1::uuid[], $2::int[]) as u(id, quantity)) w
         where p.id = w.id`,
};
const returnStatement = {
  name: 'stock_return',
  text: `update products p set stock = p.stock + w.quantity
         from (select id, quantity from unnest($1::uuid[], $2::int[]) as u(id, quantity)) w
         where p.id = w.id`,
};
const lockAllStatement = {
  name: 'stock_lock_all',
  text: `select id from products where id = any($1::uuid[]) order by id for no key update`,
};

/** Products as orders need them: what is offered now, and pieces taken and given back inside the order's transaction. */
@Injectable()
export class Stock {
  constructor(private readonly statements: Statements) {}

  /** What can be ordered of these products; those not for sale are missing. */
  async offers(transaction: Transaction, productIds: readonly string[]): Promise<Map<string, Offer>> {
    return this.read(offersStatement, transaction, [productIds]);
  }
  /**
   * Takes the pieces, or OUT_OF_STOCK with a detail for every line that asks for more than there is: the transaction must
   * end with that error. Rows are locked first, so nothing is oversold whatever the isolation level. Gives the offers as
   * they were when taken.
   */
  async take(transaction: Transaction, wanted: readonly Quantity[]): Promise<Map<string, Offer>> {
    const ids = wanted.map((w) => w.productId);
    const quantities = wanted.map((w) => w.quantity);
    return enough(wanted, await this.read(takeStatement, transaction, [ids, quantities]));
  }
  /** The first half of `take`: locks the products, or OUT_OF_STOCK. */
  async hold(transaction: Transaction, wanted: readonly Quantity[]): Promise<Map<string, Offer>> {
    return enough(wanted, await this.read(holdStatement, transaction, [wanted.map((w) => w.productId)]));
  }
  /** The second half of `take`: of products that the transaction holds. */
  async takeHeld(transaction: Transaction, wanted: readonly Quantity[]): Promise<void> {
    const values = [wanted.map((w) => w.productId), wanted.map((w) => w.quantity)];
    await this.statements.run(takeHeldStatement, values, transaction);
  }
  /** Gives pieces back, also of products that are not for sale any more. */
  async giveBack(transaction: Transaction, quantities: readonly Quantity[]): Promise<void> {
    const ids = quantities.map((q) => q.productId);
    await this.statements.run(lockAllStatement, [ids], transaction);
    await this.statements.run(returnStatement, [ids, quantities.map((q) => q.quantity)], transaction);
  }
  private async read(statement: Statement, transaction: Transaction, values: readonly unknown[]) {
    const rows = (await this.statements.run(statement, values, transaction)) as [
      string,
      string,
      string,
      number,
      string,
      number,
    ][];
    return new Map(
      rows.map(([productId, sku, name, priceAmount, currency, stock]): [string, Offer] => [
        productId,
        { productId, sku, name, priceAmount, currency, stock },
      ]),
    );
  }
}
/** The offers, if each has the pieces that are wanted of it. */
function enough(wanted: readonly Quantity[], offers: Map<string, Offer>): Map<string, Offer> {
  const short = wanted.flatMap((w, i) => {
    const offer = offers.get(w.productId);
    if (!offer) return [{ field: `lines.${i}.productId`, code: 'NOT_FOUND' }];
    return offer.stock < w.quantity
      ? [{ field: `lines.${i}.quantity`, code: 'MAX', params: { max: offer.stock } }]
      : [];
  });
  if (short.length > 0)
    throw new AppError(
      short.some((d) => d.code === 'MAX') ? catalogErrors.OUT_OF_STOCK : catalogErrors.PRODUCT_NOT_FOR_SALE,
      {
        details: short,
      },
    );
  return offers;
}
