import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

export class Users20261123000100 extends Migration {
  override up(): void {
    this.addSql(`
      create table users (${baseColumns},
        email text not null check (length(email) <= 254 and email = lower(email)),
        display_name text not null check (length(display_name) between 1 and 120),
        status text not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED')),
        suspension_reason text check (length(suspension_reason) <= 500),
        locale text not null default 'en' check (length(locale) <= 35),
        time_zone text not null default 'UTC' check (length(time_zone) <= 64),
        roles text[] not null default '{customer}',
        preferences jsonb not null default '{}' check (jsonb_typeof(preferences) = 'object'))`);
    this.addSql(stampTrigger('users'));
    this.addSql(`create unique index users_email on users (email) where deleted_at is null`);
    this.addSql(`create index users_created on users (created_at, id)`);
    this.addSql(`create index users_display_name on users (display_name, id)`);
    this.addSql(`create index users_roles on users using gin (roles)`);
    this.addSql(`create index users_xid on users (xid)`);
  }
}
