import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

export class Catalog20261123000200 extends Migration {
  override up(): void {
    this.addSql(`
      create table categories (${baseColumns},
        slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
        name text not null check (length(name) between 1 and 120),
        description text not null default '' check (length(description) <= 2000),
        position int not null default 0)`);
    this.addSql(stampTrigger('categories'));
    this.addSql(`create unique index categories_slug on categories (slug) where deleted_at is null`);
    this.addSql(`create index categories_position on categories (position, id)`);
    this.addSql(`create index categories_xid on categories (xid)`);
    this.addSql(`
      create table products (${baseColumns},
        category_id uuid not null references categories,
        sku text not null check (length(sku) between 1 and 40),
        name text not null check (length(name) between 1 and 200),
        description text not null default '' check (length(description) <= 5000),
        price_amount bigint not null check (price_amount between 0 and 100000000000),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        stock int not null default 0 constraint products_stock_not_negative check (stock >= 0),
        status text not null default 'DRAFT' check (status in ('DRAFT', 'ACTIVE', 'ARCHIVED')),
        attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
        search tsvector not null generated always as
          (to_tsvector('simple', translate(sku || ' ' || name || ' ' || description, '-_/.', '    '))) stored)`);
    this.addSql(stampTrigger('products'));
    this.addSql(`create unique index products_sku on products (sku) where deleted_at is null`);
    this.addSql(`create index products_category on products (category_id, name, id)`);
    this.addSql(`create index products_name on products (name, id)`);
    this.addSql(`create index products_price on products (price_amount, id)`);
    this.addSql(`create index products_created on products (created_at, id)`);
    this.addSql(`create index products_search on products using gin (search)`);
    this.addSql(`create index products_xid on products (xid)`);
  }
}
