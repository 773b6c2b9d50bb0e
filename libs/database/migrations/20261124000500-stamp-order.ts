import { Migration } from '@mikro-orm/migrations';

/**
 * `updated_at` is never before `created_at`: the one is the database's clock at the start of the transaction, the other
 * the clock of the process that made the row, a moment later.
 */
export class StampOrder20261124000500 extends Migration {
  override up(): void {
    this.addSql(`
      create or replace function stamp() returns trigger language plpgsql as $$
      begin
        new.xid := pg_current_xact_id();
        if tg_op = 'INSERT' then
          new.version := 1;
          new.updated_at := greatest(new.updated_at, new.created_at);
        else
          new.version := old.version + 1;
          new.updated_at := greatest(now(), new.created_at);
        end if;
        return new;
      end $$`);
  }
}
