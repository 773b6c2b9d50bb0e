import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

/** Who vouches for an account from outside. One that is deleted is kept until every instance has heard of it. */
export class Identities20261124001410 extends Migration {
  override up(): void {
    this.addSql(`
      create table identities (${baseColumns},
        user_id uuid not null references users,
        issuer text not null check (length(issuer) <= 500),
        subject text not null check (length(subject) <= 255))`);
    this.addSql(stampTrigger('identities'));
    this.addSql(`create unique index identities_subject on identities (issuer, subject) where deleted_at is null`);
    this.addSql(`create index identities_user on identities (user_id)`);
    this.addSql(`create index identities_ended_xid on identities (xid) where deleted_at is not null`);
  }
}
