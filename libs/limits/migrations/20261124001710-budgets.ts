import { Migration } from '@mikro-orm/migrations';

/**
 * What all instances have spent of the budgets that are spent fast. Not logged: a crash only makes budgets full again, and
 * no request waits for the disk.
 */
export class Budgets20261124001710 extends Migration {
  override up(): void {
    this.addSql(`
      create unlogged table budgets (
        key bytea primary key,
        used int not null,
        ends_at timestamptz not null) with (fillfactor = 50)`);
    // Changes once a window, so counting stays within a page.
    this.addSql(`create index budgets_ends on budgets (ends_at)`);
    this.addSql(`
      create unlogged table budget_instances (
        id uuid primary key,
        seen_at timestamptz not null) with (fillfactor = 50)`);
    // Rows are locked in the order of their keys: no two batches wait for each other in a circle.
    this.addSql(`
      create function lease_budgets(
        instances int, keys bytea[], limits int[], ttls int[], ages int[], spents int[], returns int[], windows text[],
        wants int[], most int)
      returns table (i int, granted int, rest int, window_id text, ends_in int) language plpgsql as $$
      declare
        at timestamptz := clock_timestamp();
        ask record;
        total int;
        ends timestamptz;
      begin
        for ask in
          select * from unnest(keys, limits, ttls, ages, spents, returns, windows, wants)
            with ordinality u (key, lim, ttl, age, spent, back, win, want, place) order by u.key
        loop
          loop
            select b.used, b.ends_at into total, ends from budgets b where b.key = ask.key for update;
            exit when found;
            insert into budgets values (ask.key, 0, at + (ask.ttl - ask.age) * interval '1 millisecond')
              on conflict do nothing;
          end loop;
          if ends <= at then
            total := 0;
            ends := at + (ask.ttl - ask.age) * interval '1 millisecond';
          end if;
          window_id := floor(extract(epoch from ends) * 1000)::text;
          if ask.win = window_id then total := greatest(0, total - ask.back); end if;
          total := least(ask.lim * 2::bigint, total::bigint + ask.spent);
          rest := greatest(0, ask.lim - total);
          granted := case when ask.want = 0 then 0
            else least(rest, greatest(ask.want, least(most, greatest(ceil(ask.lim / 100.0), ceil(rest / (instances + 1.0)))))::int) end;
          rest := rest - granted;
          update budgets b set used = total + granted, ends_at = ends where b.key = ask.key;
          i := ask.place;
          ends_in := ceil(extract(epoch from ends - at) * 1000);
          return next;
        end loop;
      end $$`);
  }
}
