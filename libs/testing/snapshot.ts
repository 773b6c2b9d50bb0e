import { insertOnlyTables } from '#libs/database/insert-only.js';
import type { TestDatabase } from './database.js';

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: string;
}
const tablesQuery = `
  select c.table_name as name, array_agg(format('%I', c.column_name) order by c.ordinal_position) as columns
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
    and c.table_name <> 'migrations'
  group by 1 order by 1`;
const referencesQuery = `
  select distinct conrelid::regclass::text as child, confrelid::regclass::text as parent
  from pg_constraint where contype = 'f' and conrelid <> confrelid`;

/**
 * All rows of a test's database, to be put back before something else is to start from the same state. The stamp counts
 * rows that are put back as new: they have version 1, and they had it already after the snapshot was taken.
 */
export class Snapshot {
  private constructor(
    private readonly database: TestDatabase,
    private readonly script: string,
    /** The rows as JSON: everything that was known before. */
    readonly text: string,
  ) {}

  static async take(database: TestDatabase): Promise<Snapshot> {
    const tables = await tablesOf(database);
    const insertOnly = (await database.sql<{ name: string }>(insertOnlyTables)).map((t) => t.name);
    const script = [
      'begin',
      ...insertOnly.map((name) => `alter table ${name} disable trigger user`),
      ...tables.toReversed().map((t) => `delete from ${t.name}`),
      ...tables.map((t) => {
        const columns = t.columns.join();
        return `insert into ${t.name} (${columns})
                select ${columns} from jsonb_populate_recordset(null::${t.name}, $rows$${t.rows}$rows$)`;
      }),
      ...insertOnly.map((name) => `alter table ${name} enable trigger user`),
      'commit',
    ].join(';\n');
    const snapshot = new Snapshot(database, script, tables.map((t) => t.rows).join());
    await snapshot.restore();
    return snapshot;
  }
  async restore(): Promise<void> {
    await this.database.sql(this.script);
  }
}

/** Where requests that were refused are told and counted, too. */
const bookkeeping = /^(?:audit_|person_keys$|budgets$|budget_instances$|attempts$|attempt_totals$)/;

/** What a table holds, as text that differs when anything in it does; of all but bookkeeping unless named. */
export async function fingerprint(database: TestDatabase, only?: readonly string[]): Promise<string> {
  let names = only ?? fingerprinted.get(database);
  if (!names) {
    const tables = await database.sql<{ name: string }>(tablesQuery);
    names = tables.map((t) => t.name).filter((name) => !bookkeeping.test(name));
    fingerprinted.set(database, names);
  }
  const all = names.map(
    (name) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as rows from ${name} t`,
  );
  return JSON.stringify(await database.sql(all.join(' union all ')));
}
const fingerprinted = new WeakMap<TestDatabase, readonly string[]>();

/** Every table with its rows, what others refer to first. */
async function tablesOf(database: TestDatabase): Promise<Table[]> {
  const found = await database.sql<{ name: string; columns: string[] }>(tablesQuery);
  const references = await database.sql<{ child: string; parent: string }>(referencesQuery);
  const sorted: typeof found = [];
  while (sorted.length < found.length) {
    const next = found.filter(
      (t) =>
        !sorted.includes(t) && references.every((r) => r.child !== t.name || sorted.some((s) => s.name === r.parent)),
    );
    if (next.length === 0) throw new Error('tables refer to each other in a circle');
    sorted.push(...next);
  }
  const rowsOf = async (name: string) => {
    const [{ rows }] = await database.sql<{ rows: string }>(
      `select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as rows from ${name} t`,
    );
    return rows;
  };
  return Promise.all(sorted.map(async (t) => ({ ...t, rows: await rowsOf(t.name) })));
}
