import { Migration } from '@mikro-orm/migrations';

/** What every table stands on: the stamp, and the touch of a parent whose parts change. */
export class Ground20261123000000 extends Migration {
  override up(): void {
    this.addSql(`
      create function stamp() returns trigger language plpgsql as $$
      begin
        new.xid := pg_current_xact_id();
        if tg_op = 'INSERT' then
          new.version := 1;
        else
          new.version := old.version + 1;
          new.updated_at := now();
        end if;
        return new;
      end $$`);
    this.addSql(`comment on function stamp() is
      'Before insert or update of each row: the writing transaction and a version that counts by one, whoever writes.'`);
    // Statement-level, after the rows are in: a part that changes changes its whole. When the same transaction has
    // written the parent already, its version stands for the change. Arguments: parent table, referencing column.
    this.addSql(`
      create function touch_parent() returns trigger language plpgsql as $$
      begin
        execute format(
          'update %I p set updated_at = now() from (select distinct %I as id from changed) c
           where p.id = c.id and p.xid <> pg_current_xact_id()', tg_argv[0], tg_argv[1]);
        return null;
      end $$`);
  }
}
/** SQL that gives a table its stamp; the table has `xid`, `version` and `updated_at`. */
export const stampTrigger = (table: string): string =>
  `create trigger stamp before insert or update on ${table} for each row execute function stamp()`;
/** SQL that makes writes to `table` count as changes of the row of `parent` that `column` names. */
export const touchTriggers = (table: string, parent: string, column: string): string[] =>
  (['insert', 'update', 'delete'] as const).map(
    (event) =>
      `create trigger touch_${event} after ${event} on ${table} referencing ${event === 'delete' ? 'old' : 'new'} table as changed
       for each statement execute function touch_parent('${parent}', '${column}')`,
  );
/** Columns of every resource's table. */
export const baseColumns = `
  id uuid primary key,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version int not null default 1,
  xid xid8 not null default pg_current_xact_id(),
  deleted_at timestamptz(3)`;
