import pg from 'pg';
import type { Actor } from '#libs/authz/actor.js';
import { Roles } from '#libs/authz/roles.js';
import { compile, type Call } from '#libs/database/compiler.js';
import { encodeCursor, listRead, scopeOf, type ListInput } from '#libs/database/list.js';
import type { Resource } from '#libs/database/resource.js';
import { selectionOf } from '#libs/database/selection.js';
import type { TestDatabase } from '#libs/testing/database.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';
import { adminId } from './seeds.js';
import { seedLists } from './started.js';

const each = 6000;
const limit = 20;
/** What a page may look at: its rows and the one behind them, on each side of the nulls. */
export const mostRows = 2 * (limit + 1);
export type Page = Omit<ListInput, 'selection'>;

interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}
const looked = (node: PlanNode): number =>
  (/^(Seq|Index|Bitmap Heap)/.test(node['Node Type'])
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
    : 0) + (node.Plans ?? []).reduce((sum, child) => sum + looked(child), 0);
const literal = (value: unknown): string =>
  typeof value === 'string' ? pg.escapeLiteral(value) : JSON.stringify(value);

/** Tables that are large enough for indexes to be worth it, and what PostgreSQL does with pages of them. */
export class LargeLists {
  static readonly admin = new Roles().actor(adminId, ['admin']);

  private constructor(
    readonly opened: Opened,
    private readonly client: pg.Client,
  ) {}
  /** `prepare` changes rows before PostgreSQL counts them. */
  static async open(prepare?: (database: TestDatabase) => Promise<void>): Promise<LargeLists> {
    const opened = await openDatabase();
    const { database } = opened;
    await seedLists(database, each);
    await prepare?.(database);
    await database.sql('vacuum analyze');
    const client = new pg.Client({ connectionString: database.servingUrl });
    await client.connect();
    return new LargeLists(opened, client);
  }
  async close(): Promise<void> {
    await this.client.end();
    await this.opened.close();
  }
  /** How many rows PostgreSQL looks at for a page: with a plan for any values, and with one for these. */
  async rowsLookedAt(resource: Resource, actor: Actor, page: Page, change = (text: string) => text): Promise<number[]> {
    const read = listRead(resource, actor, { selection: selectionOf(resource, ['id']), limit, ...page });
    const call: Call = { ...read, rights: (r) => actor.rights(r) };
    const plan = compile(call);
    const text = change(plan.text);
    const values = plan.binds.map((bind) => bind(call));
    await this.client.query('deallocate all; set plan_cache_mode = force_generic_plan');
    await this.client.query(`prepare page as ${text}`);
    const explain = 'explain (analyze, timing off, format json)';
    const general = await this.client.query(`${explain} execute page(${values.map(literal).join()})`);
    const special = await this.client.query({ text: `${explain} ${text}`, values });
    return [general, special].map(({ rows }) =>
      looked((rows[0] as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'][0].Plan),
    );
  }
  /** The cursor of the row behind which this part of the list stands, counted among the rows of `where`. */
  async cursorAt(resource: Resource, actor: Actor, page: Page, part: number, where = 'true'): Promise<string> {
    const read = listRead(resource, actor, { selection: selectionOf(resource, ['id']), limit, ...page });
    const columns = read.sort!.map((k) => resource.column(k.name).sql);
    const order = read.sort!.map((k, i) => `${columns[i]}${k.desc ? ' desc' : ''}`).join();
    const [row] = await this.opened.database.sql<Record<string, unknown>>(
      `select ${columns.join()} from (select *, row_number() over (order by ${order}) as n, count(*) over () as of_all
         from ${resource.table} where ${where}) t where n = greatest(1, floor(of_all * $1::float))`,
      [part],
    );
    const values = Object.values(row).map((v) => (v instanceof Date ? v.toISOString() : v));
    return encodeCursor(scopeOf(read), values);
  }
}
