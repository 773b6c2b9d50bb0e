import type { Statements } from '#libs/database/statements.js';
import { Ledger, MAX_BLOCK, type Ask, type Grant } from './ledger.js';

const leaseStatement = {
  name: 'lease_budgets',
  text: `select i, granted, rest, window_id, ends_in
         from lease_budgets($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) order by i`,
};
const beatStatement = {
  name: 'budget_beat',
  text: `with beat as (insert into budget_instances values ($1, now())
                       on conflict (id) do update set seen_at = excluded.seen_at),
              ended as (delete from budget_instances where seen_at < now() - interval '1 minute'),
              purged as (delete from budgets where key = any (array(
                select key from budgets where ends_at < now() - interval '1 minute'
                order by ends_at limit 5000 for update skip locked)))
         select count(*)::int + 1 from budget_instances where id <> $1 and seen_at > now() - interval '15 seconds'`,
};
const leaveStatement = { text: 'delete from budget_instances where id = $1' };

/** Budgets in a table: a row for each that is spent fast, and one statement for many of them. */
export class PostgresLedger extends Ledger {
  constructor(private readonly statements: Statements) {
    super();
  }
  override async lease(asks: readonly Ask[], instances: number): Promise<Grant[]> {
    const column = <T>(of: (ask: Ask) => T) => asks.map(of);
    const rows = (await this.statements.run(leaseStatement, [
      instances,
      column(({ key }) => key),
      column(({ limit }) => limit),
      column(({ ttl }) => ttl),
      column(({ age }) => age),
      column(({ spent }) => spent),
      column(({ returned }) => returned),
      column(({ window }) => window ?? ''),
      column(({ wanted }) => wanted),
      MAX_BLOCK,
    ])) as [number, number, number, string, number][];
    return rows.map(([, granted, rest, window, endsIn]) => ({ granted, rest, window, endsIn }));
  }
  override async beat(instance: string): Promise<number> {
    const [[instances]] = (await this.statements.run(beatStatement, [instance])) as [[number]];
    return instances;
  }
  override async leave(instance: string): Promise<void> {
    await this.statements.run(leaveStatement, [instance]);
  }
}
