import { Migration } from '@mikro-orm/migrations';

/** What people see of sessions, and when they are over by themselves. */
export class SessionList20261124001355 extends Migration {
  override up(): void {
    this.addSql(`
      alter table sessions
        add column client_name text not null default '' check (length(client_name) <= 200),
        add column acted_by uuid references users,
        add column expires_at timestamptz(3) not null default now() + interval '30 days',
        add column is_ended boolean not null generated always as (ended_at is not null) stored,
        add column is_acting boolean not null generated always as (acted_by is not null) stored`);
    this.addSql(`update sessions set client_name = client_id`);
    this.addSql(`comment on column sessions.acted_by is 'Of the staff, who looks at the service as the user sees it.'`);
    this.addSql(`drop index sessions_user`);
    this.addSql(`create index sessions_user on sessions (user_id, last_seen_at, id) where deleted_at is null`);
    this.addSql(`create index sessions_seen on sessions (last_seen_at, id) where deleted_at is null`);
    this.addSql(`create index sessions_open_client on sessions (client_id) where ended_at is null`);
    this.addSql(`create index sessions_open_expires on sessions (expires_at) where ended_at is null`);
  }
}
