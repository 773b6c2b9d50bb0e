import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

/** A session is a grant of the issuer, and has its id. */
export class Sessions20261124001220 extends Migration {
  override up(): void {
    this.addSql(`
      create table sessions (${baseColumns},
        user_id uuid not null references users,
        client_id text not null check (length(client_id) <= 100),
        device text not null check (length(device) <= 100),
        ip text not null check (length(ip) <= 45),
        last_seen_at timestamptz(3) not null default now(),
        ended_at timestamptz(3),
        end_reason text,
        check ((ended_at is null) = (end_reason is null)))`);
    this.addSql(stampTrigger('sessions'));
    this.addSql(`create index sessions_user on sessions (user_id, last_seen_at desc, id)`);
    this.addSql(`create index sessions_ended_xid on sessions (xid) where ended_at is not null`);
    this.addSql(`create index sessions_ended_at on sessions (ended_at) where ended_at is not null`);
  }
}
