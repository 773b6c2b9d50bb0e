import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger, touchTriggers } from '#libs/database/migrations/20261123000000-ground.js';

export class Orders20261123000300 extends Migration {
  override up(): void {
    const statuses = `('DRAFT', 'PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'RETURNED')`;
    this.addSql(`
      create table orders (${baseColumns},
        customer_id uuid not null references users,
        status text not null default 'DRAFT' check (status in ${statuses}),
        total_amount bigint not null default 0 check (total_amount between 0 and 100000000000),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        note text check (length(note) <= 1000),
        internal_note text check (length(internal_note) <= 2000),
        placed_at timestamptz(3),
        history_count int not null default 0)`);
    this.addSql(stampTrigger('orders'));
    this.addSql(`create index orders_customer on orders (customer_id, created_at, id)`);
    this.addSql(`create index orders_created on orders (created_at, id)`);
    this.addSql(`create index orders_placed on orders (placed_at, id)`);
    this.addSql(`create index orders_total on orders (total_amount, id)`);
    this.addSql(`create index orders_status_created on orders (status, created_at, id)`);
    this.addSql(`create index orders_status_placed on orders (status, placed_at, id)`);
    this.addSql(`create index orders_status_total on orders (status, total_amount, id)`);
    this.addSql(`create index orders_xid on orders (xid)`);
    // Lines and history are parts of an order: no versions of their own, but the owner's id, by which data is spread.
    this.addSql(`
      create table order_lines (
        id uuid primary key,
        order_id uuid not null references orders on delete cascade,
        customer_id uuid not null,
        position int not null,
        product_id uuid not null references products,
        sku text not null,
        name text not null,
        unit_price_amount bigint not null check (unit_price_amount >= 0),
        currency text not null,
        quantity int not null check (quantity between 1 and 1000),
        total_amount bigint not null generated always as (unit_price_amount * quantity) stored,
        unique (order_id, product_id))`);
    for (const trigger of touchTriggers('order_lines', 'orders', 'order_id')) this.addSql(trigger);
    this.addSql(`create index order_lines_product on order_lines (product_id)`);
    this.addSql(`
      create table order_history (
        id uuid primary key,
        order_id uuid not null references orders on delete cascade,
        customer_id uuid not null,
        number int not null,
        from_status text check (from_status in ${statuses}),
        to_status text not null check (to_status in ${statuses}),
        actor_id uuid,
        reason text check (length(reason) <= 500),
        at timestamptz(3) not null default now(),
        unique (order_id, number))`);
  }
}
