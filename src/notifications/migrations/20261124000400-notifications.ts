import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

export class Notifications20261124000400 extends Migration {
  override up(): void {
    this.addSql(`
      create table notifications (${baseColumns},
        user_id uuid not null references users,
        topic text not null check (length(topic) <= 80),
        data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
        read_at timestamptz(3),
        is_read boolean not null generated always as (read_at is not null) stored)`);
    this.addSql(stampTrigger('notifications'));
    // Every read is of one user's rows; the second one counts and lists what is unread without looking at the rest.
    this.addSql(`create index notifications_user on notifications (user_id, created_at, id) where deleted_at is null`);
    this.addSql(
      `create index notifications_user_read on notifications (user_id, is_read, created_at, id) where deleted_at is null`,
    );
    this.addSql(`create index notifications_xid on notifications (xid)`);
  }
}
