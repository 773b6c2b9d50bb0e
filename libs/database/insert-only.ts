/**
 * SQL of a migration that makes a table insert-only. `migrate` gives the serving role no other right on it, after each
 * migration anew, and the trigger stops the owner, too, until somebody disables it on purpose.
 */
export const insertOnly = (table: string): string =>
  `create trigger insert_only before update or delete or truncate on ${table}
   for each statement execute function refuse_change()`;

/** SQL that insert-only tables need once. */
export const insertOnlyFunction = `
  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'rows of % are inserted and never changed', tg_table_name using errcode = 'insufficient_privilege';
  end $$`;

/** Names of the insert-only tables. */
export const insertOnlyTables = `
  select c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where t.tgname = 'insert_only' and c.relnamespace = 'public'::regnamespace order by 1`;
