import { customerCancellations, internalNotes, notes, returns, staffCancellations } from './remarks.js';
import type { UserRow } from '../demo-users.js';
import type { Random } from '../random.js';
import type { HistoryRow, LineRow, OrderRow, ProductRow } from './rows.js';
import { shoppingTimes, workingTime } from './shopping-times.js';

const hour = 3_600_000;

export interface Sale extends OrderRow {
  readonly lines: readonly LineRow[];
  readonly history: readonly HistoryRow[];
}
interface Shop {
  readonly users: readonly UserRow[];
  readonly appetites: ReadonlyMap<string, number>;
  readonly products: readonly ProductRow[];
  /** Largest number of pieces that one person usually takes, by product. */
  readonly handfuls: ReadonlyMap<string, number>;
}

/** Orders of the year before `now`, each with the moves that had happened by then. */
export function makeOrders(shop: Shop, count: number, now: number, random: Random): Sale[] {
  const customers = shop.users.filter((u) => shop.appetites.get(u.id));
  const sold = shop.products.filter((p) => p.status !== 'DRAFT');
  // Cheap things sell more often, and some things sell for no reason that one could name.
  const demand = new Map(sold.map((p) => [p, random.between(0.4, 2.5) / Math.sqrt(p.price_amount)]));

  return shoppingTimes(count, now, random).map((createdAt) => {
    const alive = (row: { created_at: string }) => Date.parse(row.created_at) < createdAt;
    const customer = random.weighted(customers.filter(alive), (u) => shop.appetites.get(u.id)!);
    const id = random.id(createdAt);
    const choice = sold.filter(alive);
    const basket = new Set<ProductRow>();
    for (let wanted = random.weighted([1, 2, 3, 4, 5, 6], (n) => 7 - n); basket.size < wanted;)
      basket.add(random.weighted(choice, (p) => demand.get(p)!));
    const lines = [...basket].map((product, index): LineRow => {
      const handful = shop.handfuls.get(product.id)!;
      return {
        id: random.id(createdAt),
        order_id: id,
        customer_id: customer.id,
        position: index + 1,
        product_id: product.id,
        sku: product.sku,
        name: product.name,
        unit_price_amount: product.price_amount,
        currency: product.currency,
        quantity: random.chance(0.7) ? 1 : random.whole(1, handful),
      };
    });
    const moves = new Moves(id, customer.id, createdAt, now, shop.users, random);
    moves.happen();
    return {
      id,
      created_at: new Date(createdAt).toISOString(),
      updated_at: new Date(moves.last).toISOString(),
      customer_id: customer.id,
      status: moves.status,
      total_amount: lines.reduce((sum, l) => sum + l.quantity * l.unit_price_amount, 0),
      currency: lines[0].currency,
      note: random.chance(0.22) ? random.pick(notes) : null,
      internal_note: moves.placedAt !== null && random.chance(0.12) ? random.pick(internalNotes) : null,
      placed_at: moves.placedAt === null ? null : new Date(moves.placedAt).toISOString(),
      history_count: moves.rows.length,
      lines,
      history: moves.rows,
    };
  });
}

/** What happens to one order, one move after the other, until `now`. */
class Moves {
  readonly rows: HistoryRow[] = [];
  status = 'DRAFT';
  placedAt: number | null = null;
  last: number;

  constructor(
    private readonly orderId: string,
    private readonly customerId: string,
    createdAt: number,
    private readonly now: number,
    private readonly users: readonly UserRow[],
    private readonly random: Random,
  ) {
    this.last = createdAt;
  }
  happen(): void {
    const { random, customerId } = this;
    const staff = (...roles: string[]) =>
      random.pick(this.users.filter((u) => u.roles.some((r) => roles.includes(r)))).id;
    const work = (low: number, high: number) => workingTime(this.last + random.between(low, high) * hour, random);

    if (random.chance(0.035)) return;
    if (random.chance(0.015)) return void this.move('CANCELLED', this.last + random.between(1, 70) * hour, customerId);
    // Most people order in one step; the others come back to their basket.
    const pause = random.chance(0.75) ? 0 : random.between(0.02, 30) * hour;
    if (!this.move('PLACED', this.last + pause, customerId)) return;
    this.placedAt = this.last;

    if (random.chance(0.04)) {
      const reason = random.pick(customerCancellations);
      return void this.move('CANCELLED', this.last + random.between(0.1, 5) * hour, customerId, reason);
    }
    if (random.chance(0.015)) {
      const reason = random.pick(staffCancellations);
      return void this.move('CANCELLED', work(2, 50), staff('support', 'manager'), reason);
    }
    // Some pay by bank transfer, and some things have to be ordered first.
    const payment = random.chance(0.25) ? work(60, 240) : work(2, 22);
    if (!this.move('CONFIRMED', payment, staff('support', 'manager'))) return;
    if (random.chance(0.015)) {
      const reason = random.pick(staffCancellations);
      return void this.move('CANCELLED', work(3, 40), staff('support', 'manager'), reason);
    }
    const supply = random.chance(0.12) ? work(100, 300) : work(6, 60);
    if (!this.move('SHIPPED', supply, staff('manager'))) return;
    if (!this.move('DELIVERED', work(26, 120), staff('support', 'manager'))) return;
    if (random.chance(0.05)) this.move('RETURNED', work(60, 330), staff('support', 'manager'), random.pick(returns));
  }
  /** False when the move still lies ahead. */
  private move(to: string, at: number, actorId: string, reason: string | null = null): boolean {
    const time = Math.floor(at);
    const last = this.rows.at(-1);
    // Two moves never carry the same moment.
    const moment = last ? Math.max(time, Date.parse(last.at) + 1) : time;
    if (moment > this.now) return false;
    this.rows.push({
      id: this.random.id(moment),
      order_id: this.orderId,
      customer_id: this.customerId,
      number: this.rows.length + 1,
      from_status: this.status,
      to_status: to,
      actor_id: actorId,
      reason,
      at: new Date(moment).toISOString(),
    });
    this.status = to;
    this.last = moment;
    return true;
  }
}
