import { Migration } from '@mikro-orm/migrations';

/**
 * Tries at what can be guessed. Not logged: a crash forgets them, and no try waits for the disk. Keys are keyed hashes, so
 * that neither addresses nor accounts can be read here.
 */
export class Attempts20261124001700 extends Migration {
  override up(): void {
    this.addSql(`
      create unlogged table attempts (
        key bytea primary key,
        tries timestamptz[] not null,
        ends_at timestamptz not null) with (fillfactor = 70)`);
    this.addSql(`comment on column attempts.ends_at is 'From then on none of the tries counts any more.'`);
    this.addSql(`
      create unlogged table attempt_totals (
        kind text not null,
        starts_at timestamptz not null,
        tries int not null,
        successes int not null,
        primary key (kind, starts_at)) with (fillfactor = 50)`);
    this.addSql(
      `comment on table attempt_totals is 'Tries of everybody from devices that are not known, in five minutes.'`,
    );
    // Two looks: one without a lock and without a row, so that a flood of refused tries writes nothing, and the one that
    // counts. Rows are locked in the order of their keys, the total last: no two tries wait for each other in a circle.
    this.addSql(`
      create function spend_attempt(of_kind text, keys bytea[], limits int[], seconds int[], floors int[])
      returns table (spent_at text, refused_by int, retry_after int) language plpgsql as $$
      declare
        at timestamptz := clock_timestamp();
        share float;
      begin
        select least(1, greatest(500, coalesce(sum(successes), 0))::float
            / greatest(1, coalesce(sum(tries - successes), 0)))
          into share from attempt_totals where kind = of_kind and starts_at > at - interval '15 minutes';
        for look in 1..2 loop
          if look = 2 then
            insert into attempts as a (key, tries, ends_at)
              select k, '{}', at + max(s) * interval '1 second'
              from unnest(keys, seconds) u (k, s) group by k order by k
              on conflict (key) do update set ends_at = a.ends_at;
            at := clock_timestamp();
          end if;
          select u.i, ceil(extract(epoch from live.tries[live.n - u.most + 1] + u.span - at))
            into refused_by, retry_after
            from (select k, s * interval '1 second' as span, i,
                    case when f is null then l else least(l, greatest(f, floor(l * share)))::int end as most
                  from unnest(keys, limits, seconds, floors) with ordinality x (k, l, s, f, i)) u
            join attempts a on a.key = u.k
            cross join lateral (select count(*)::int as n, array_agg(t order by t) as tries
                                from unnest(a.tries) t where t > at - u.span) live
            where live.n >= u.most order by 2 desc limit 1;
          if found then
            retry_after := greatest(1, retry_after);
            return next;
            return;
          end if;
        end loop;
        update attempts a
          set tries = array(select t from unnest(a.tries) t where t > at - u.span order by t) || at, ends_at = at + u.span
          from (select k, max(s) * interval '1 second' as span from unnest(keys, seconds) x (k, s) group by k) u
          where a.key = u.k;
        if array_remove(floors, null) <> '{}' then
          insert into attempt_totals as t values (of_kind, date_bin('5 minutes', at, 'epoch'), 1, 0)
            on conflict (kind, starts_at) do update set tries = t.tries + 1;
        end if;
        spent_at := at::text;
        return next;
      end $$`);
    this.addSql(`
      create function refund_attempt(of_kind text, keys bytea[], at timestamptz, totals boolean)
      returns void language plpgsql as $$
      begin
        perform from attempts where key = any (keys) order by key for update;
        update attempts set tries = array_remove(tries, at) where key = any (keys);
        if totals then
          update attempt_totals set successes = successes + 1
            where kind = of_kind and starts_at = date_bin('5 minutes', at, 'epoch');
        end if;
      end $$`);
  }
}
