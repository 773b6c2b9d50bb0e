import { Migration } from '@mikro-orm/migrations';

/** A try is given back once, however often its success is told: what tells it may be a cookie that somebody sends again. */
export class RefundOnce20261128001700 extends Migration {
  override up(): void {
    this.addSql(`
      create or replace function refund_attempt(of_kind text, keys bytea[], at timestamptz, totals boolean)
      returns void language plpgsql as $$
      begin
        perform from attempts where key = any (keys) order by key for update;
        update attempts set tries = array_remove(tries, at) where key = any (keys) and at = any (tries);
        if found and totals then
          update attempt_totals set successes = successes + 1
            where kind = of_kind and starts_at = date_bin('5 minutes', at, 'epoch');
        end if;
      end $$`);
  }
}
