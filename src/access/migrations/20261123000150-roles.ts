import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

export class Roles20261123000150 extends Migration {
  override up(): void {
    this.addSql(`
      create table roles (${baseColumns},
        name text not null unique check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
        description text not null check (length(description) <= 500),
        built_in boolean not null default false,
        rules jsonb not null default '[]' check (jsonb_typeof(rules) = 'array'))`);
    this.addSql(stampTrigger('roles'));
    this.addSql(`create index roles_xid on roles (xid)`);
    this.addSql(`
      insert into roles (id, name, description, built_in) values
        ('01900000-0000-7000-8000-000000000001', 'customer', 'Sees and changes what is one’s own.', true),
        ('01900000-0000-7000-8000-000000000002', 'support', 'Helps customers: sees accounts and what belongs to them.', true),
        ('01900000-0000-7000-8000-000000000003', 'manager', 'Runs the business.', true),
        ('01900000-0000-7000-8000-000000000004', 'admin', 'May do everything.', true)`);
  }
}
