import { catalog } from './catalog.js';
import { makeNotifications } from './demo-notifications.js';
import { makeOrders } from './demo-orders.js';
import type { DemoTable } from '../demo-table.js';
import { day, type UserRow } from '../demo-users.js';
import { people } from '../people.js';
import { Random } from '../random.js';
import {
  columns,
  type CategoryRow,
  type HistoryRow,
  type LineRow,
  type NotificationRow,
  type OrderRow,
  type ProductRow,
} from './rows.js';

const orderCount = 1000;

export interface DemoShop {
  readonly categories: readonly CategoryRow[];
  readonly products: readonly ProductRow[];
  readonly orders: readonly OrderRow[];
  readonly order_lines: readonly LineRow[];
  readonly order_history: readonly HistoryRow[];
  readonly notifications: readonly NotificationRow[];
}

/** All rows of a shop with a year of business behind it: the same ones for the same `now`. */
export function makeShop(now: Date, users: readonly UserRow[]): DemoShop {
  const time = now.getTime();
  const random = new Random(20_261_123);
  const created = (daysAgo: number) => {
    const at = Math.floor(time - daysAgo * day);
    return { id: random.id(at), created_at: new Date(at).toISOString(), updated_at: new Date(at).toISOString() };
  };
  const categories = catalog.map(({ slug, name, description }, position): CategoryRow => {
    return { ...created(760 - position / 100), slug, name, description, position: position + 1 };
  });
  const handfuls = new Map<string, number>();
  const products = catalog.flatMap((category, at) =>
    category.products.map((item, index): ProductRow => {
      const { name, description, price, attributes, status = 'ACTIVE' } = item;
      // Most of the range is older than the first order; some of it came during the year.
      const age = status === 'DRAFT' ? random.between(2, 20) : random.between(390, 740);
      const row = created(status === 'ACTIVE' && random.chance(0.12) ? random.between(30, 300) : age);
      handfuls.set(row.id, category.handful);
      const full = Math.max(8, Math.round(60_000 / Math.sqrt(price) / 4));
      const stock = status !== 'ACTIVE' || random.chance(0.04) ? 0 : random.whole(2, full);
      return {
        ...row,
        category_id: categories[at].id,
        sku: `${category.prefix}-${101 + index}`,
        name,
        description,
        price_amount: price,
        currency: 'EUR',
        stock,
        status,
        attributes,
      };
    }),
  );
  const appetites = new Map(users.map((user, at) => [user.id, people[at].appetite]));
  const sales = makeOrders({ users, appetites, products, handfuls }, orderCount, time, random);
  return {
    categories,
    products,
    orders: sales.map(({ lines: _lines, history: _history, ...order }) => order),
    order_lines: sales.flatMap((sale) => sale.lines),
    order_history: sales.flatMap((sale) => sale.history),
    notifications: makeNotifications(sales, time, random),
  };
}
/** The tables of the shop, in the order in which they can be filled. */
export function shopTables(now: Date, users: readonly UserRow[]): DemoTable[] {
  const shop = makeShop(now, users);
  return (Object.keys(columns) as (keyof DemoShop)[]).map((name) => ({
    name,
    columns: columns[name],
    rows: shop[name],
  }));
}
