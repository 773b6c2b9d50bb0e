import { v7 as uuidv7 } from 'uuid';
import type { TestClient } from '#libs/testing/clients.js';
import { TestApp, type TestAppOptions } from './test-app.js';

/** The callers of the tests. Ada owns what there is to own. */
export const callerNames = ['anonymous', 'ada', 'grace', 'support', 'manager', 'admin', 'suspended'] as const;
export type CallerName = (typeof callerNames)[number];
const staff: CallerName[] = ['support', 'manager', 'admin'];

export const orderStatuses = ['DRAFT', 'PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'RETURNED'] as const;
export type WorldStatus = (typeof orderStatuses)[number];

/** A small shop with a canary in every private field. */
export interface World {
  readonly app: TestApp;
  readonly clients: Readonly<Record<CallerName, TestClient>>;
  /** Account ids; anonymous has none. */
  readonly ids: Readonly<Record<Exclude<CallerName, 'anonymous'>, string>>;
  readonly categoryId: string;
  /** For sale, ten pieces each. */
  readonly productIds: readonly string[];
  readonly draftProductId: string;
  /** Ada's orders, one in every status. */
  readonly orderIds: Readonly<Record<WorldStatus, string>>;
  /** Another order of Ada's in this status, with lines of the first two products; inserted as SQL. */
  makeOrder(status: WorldStatus, customerId?: string): Promise<string>;
  makeProduct(fields?: { stock?: number; priceAmount?: number; status?: string }): Promise<string>;
  makeUser(fields?: { roles?: string[]; status?: string; displayName?: string }): Promise<string>;
}

export async function startWorld(options: TestAppOptions = {}): Promise<World> {
  const app = await TestApp.start(options);
  const { database, sniffer } = app;
  const accounts = ['ada', 'grace', 'support', 'manager', 'admin', 'suspended'] as const;
  const ids = Object.fromEntries(accounts.map((name) => [name, uuidv7()])) as World['ids'];
  for (const name of accounts) {
    const self = [name, ...staff];
    await database.sql(
      `insert into users (id, email, display_name, status, suspension_reason, locale, time_zone, roles, preferences)
       values ($1, $2, $3, $4, $5, 'en', 'UTC', $6, $7)`,
      [
        ids[name],
        `${sniffer.plant(`email-${name}`, self)}@tandem.example`,
        `Name of ${name} ${sniffer.plant(`name-${name}`, self)}`,
        name === 'suspended' ? 'SUSPENDED' : 'ACTIVE',
        sniffer.plant(`suspension-${name}`, staff),
        name === 'ada' || name === 'grace' || name === 'suspended' ? ['customer'] : ['customer', name],
        JSON.stringify({ secret: sniffer.plant(`preferences-${name}`, [name, 'admin']) }),
      ],
    );
  }
  const categoryId = uuidv7();
  await database.sql(`insert into categories (id, slug, name) values ($1, 'things', 'Things')`, [categoryId]);
  let products = 0;
  const makeProduct: World['makeProduct'] = async (fields = {}) => {
    const id = uuidv7();
    products++;
    await database.sql(
      `insert into products (id, category_id, sku, name, description, price_amount, currency, stock, status, attributes)
       values ($1, $2, $3, $4, $8, $5, 'EUR', $6, $7, '{"color": "blue"}')`,
      [
        id,
        categoryId,
        `SKU-${products}`,
        `Thing number ${products}`,
        fields.priceAmount ?? 100 * products,
        fields.stock ?? 10,
        fields.status ?? 'ACTIVE',
        (fields.status ?? 'ACTIVE') === 'ACTIVE' ? 'Made for tests' : sniffer.plant('unreleased', staff),
      ],
    );
    return id;
  };
  const productIds = [await makeProduct(), await makeProduct(), await makeProduct()];
  const draftProductId = await makeProduct({ status: 'DRAFT' });
  const makeUser: World['makeUser'] = async (fields = {}) => {
    const id = uuidv7();
    await database.sql(`insert into users (id, email, display_name, status, roles) values ($1, $2, $3, $4, $5)`, [
      id,
      `user-${id}@tandem.example`,
      fields.displayName ?? 'Somebody',
      fields.status ?? 'ACTIVE',
      fields.roles ?? ['customer'],
    ]);
    return id;
  };
  const makeOrder: World['makeOrder'] = async (status, customerId = ids.ada) => {
    const id = uuidv7();
    const placed = status !== 'DRAFT';
    const mayRead = [...accounts.filter((name) => ids[name] === customerId), ...staff];
    await database.sql(
      `insert into orders (id, customer_id, status, total_amount, currency, note, internal_note, placed_at, history_count)
       values ($1, $2, $3, 500, 'EUR', $4, $5, $6, $7)`,
      [
        id,
        customerId,
        status,
        sniffer.plant('note', mayRead),
        sniffer.plant('internal-note', staff),
        placed ? new Date() : null,
        placed ? 1 : 0,
      ],
    );
    for (const [i, productId] of productIds.slice(0, 2).entries())
      await database.sql(
        `insert into order_lines (id, order_id, customer_id, position, product_id, sku, name, unit_price_amount, currency, quantity)
         select $1, $2, $3, $4, p.id, p.sku, p.name, p.price_amount, p.currency, $5 from products p where p.id = $6`,
        [uuidv7(), id, customerId, i + 1, i + 1, productId],
      );
    if (placed)
      await database.sql(
        `insert into order_history (id, order_id, customer_id, number, from_status, to_status, actor_id, reason)
         values ($1, $2, $3, 1, 'DRAFT', 'PLACED', $3, $4)`,
        [uuidv7(), id, customerId, sniffer.plant('reason', mayRead)],
      );
    return id;
  };
  const orderIds = {} as Record<WorldStatus, string>;
  for (const status of orderStatuses) orderIds[status] = await makeOrder(status);

  const clients = { anonymous: app.anonymous } as Record<CallerName, TestClient>;
  for (const name of accounts) clients[name] = await app.as(name, ids[name]);
  return { app, clients, ids, categoryId, productIds, draftProductId, orderIds, makeOrder, makeProduct, makeUser };
}
