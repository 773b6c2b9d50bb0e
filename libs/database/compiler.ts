import { createHash } from 'node:crypto';
import type { FieldMeta } from '#libs/contract/fields.js';
import { readable, type Access, type Rights } from './access.js';
import { conditionSql, type Lowered } from './conditions.js';
import type { Column, Resource } from './resource.js';
import { rowBuilder, type Node } from './row-builder.js';
import type { Selection } from './selection.js';

export interface SortKey {
  readonly name: string;
  readonly desc: boolean;
}
/** One read. Everything in it but values is its shape, and a shape is compiled once. */
export interface Read {
  readonly resource: Resource;
  readonly selection: Selection;
  readonly access: Access;
  readonly id?: string;
  /** Children of these rows. With a limit, that many of each. */
  readonly parents?: { readonly key: string; readonly values: readonly unknown[] };
  readonly filter?: Lowered;
  /** Fields that the client's filter looks at: a row in which one of them is hidden does not match. */
  readonly filtered?: readonly string[];
  /** A tsquery. */
  readonly search?: string;
  readonly sort?: readonly SortKey[];
  /** Values of the sort keys of the last row seen. */
  readonly after?: readonly unknown[];
  readonly limit?: number;
  /** Reads one row more than the limit, which tells whether there are more. */
  readonly peek?: boolean;
  /** Also reads the sort keys of every row, of which cursors are made. */
  readonly cursors?: boolean;
  /** Counts up to this many instead of reading. */
  readonly countUpTo?: number;
  /** Also reads what the ETag is made of. */
  readonly etag?: boolean;
  /** Hidden fields become null and are named under the `hidden` symbol; otherwise they are left out. */
  readonly nullHidden?: boolean;
}
export interface Call extends Read {
  readonly rights: (resource: Resource) => Rights;
}
/** Where the value of a parameter comes from at call time. */
type Bind = (call: Call) => unknown;

export interface Plan {
  readonly text: string;
  readonly name: string;
  readonly binds: readonly Bind[];
  readonly root: Node;
  /** Positions of the sort keys, when they are asked for. */
  readonly cursor: readonly number[];
  /** Position of the parent's key, or -1. */
  readonly parent: number;
  uses: number;
}
export function parseSort(text: string): SortKey[] {
  return text.split(',').map((s) => (s.startsWith('-') ? { name: s.slice(1), desc: true } : { name: s, desc: false }));
}
/** How children stand inside their parent. */
export const childSort = (resource: Resource): SortKey[] => {
  const keys = parseSort(resource.definition.defaultSort ?? 'id');
  return keys.some((k) => k.name === 'id') ? keys : [...keys, { name: 'id', desc: false }];
};

/** Everything that `compile` reads apart from values: two calls with one key have one plan. */
export function planKey(call: Call): string {
  const rights = (s: Selection, r: Resource): string =>
    `${call.rights(r).id}${s.nested.map(([name, child]) => `,${rights(child, r.relation(name).to())}`).join('')}`;
  const sort = call.sort?.map((k) => (k.desc ? '-' : '') + k.name).join();
  const after = call.after?.map((v) => (v === null ? 'n' : 'v')).join('');
  const shape = `${call.id === undefined ? '' : 'i'}${call.search === undefined ? '' : 'q'}${call.limit === undefined ? '' : 'l'}${call.countUpTo === undefined ? '' : 'c'}${call.etag ? 'e' : ''}${call.nullHidden ? 'h' : ''}${call.cursors ? 'k' : ''}`;
  return `${call.resource.name}|${call.selection.id}|${rights(call.selection, call.resource)}|${shape}|${call.parents?.key ?? ''}|${call.filter?.key ?? ''}|${call.filtered?.join() ?? ''}|${sort ?? ''}|${after ?? ''}`;
}
export const compile = (call: Call): Plan => new Compiler(call).plan();

class Compiler {
  private readonly binds: Bind[] = [];
  private readonly out: string[] = [];
  private readonly joins: string[] = [];
  private readonly order: string[] = [];
  private aliases = 0;

  constructor(private readonly call: Call) {}

  plan(): Plan {
    const { resource, selection, sort, limit, parents } = this.call;
    const alias = this.alias();
    const where = this.where(resource, alias);
    const keys = (sort ?? []).map((k) => ({ ...k, column: resource.column(k.name) }));
    const branches = this.call.after ? this.keyset(keys, this.call.after, alias) : [];
    if (this.call.countUpTo !== undefined) return this.count(resource, alias, where);

    const root = this.node(resource, selection, alias, true, `${alias}.${resource.column('id').sql}`);
    const cursor = this.call.cursors ? keys.map((k) => this.select(`${alias}.${k.column.sql}`)) : [];
    const parent = parents ? this.select(`${alias}.${resource.column(parents.key).sql}`) : -1;
    const sorted = keys.map((k) => `${alias}.${k.column.sql}${k.desc ? ' DESC' : ''}`);
    const limitSql = limit === undefined ? '' : ` LIMIT ${this.bind((c) => c.limit! + (c.peek ? 1 : 0))}`;
    const outer = [
      ...(parents && limit !== undefined ? [`${alias}.${resource.column(parents.key).sql}`] : []),
      ...(sorted.length ? sorted : root.many ? [`${alias}."id"`] : []),
      ...this.order,
    ];
    const rows = (branch: string | undefined) => {
      const all = branch === undefined ? where : [...where, branch];
      return `SELECT ${alias}.* FROM ${resource.table} ${alias}${all.length ? ` WHERE ${all.join(' AND ')}` : ''} ORDER BY ${sorted.join(', ')}${limitSql}`;
    };
    const page = () =>
      branches.length > 1
        ? `SELECT * FROM (${branches.map((b) => `(${rows(b)})`).join(' UNION ALL ')}) ${alias} ORDER BY ${sorted.join(', ')}${limitSql}`
        : rows(branches[0]);
    let from: string;
    let tail = '';
    if (parents && limit !== undefined) {
      where.push(`${alias}.${resource.column(parents.key).sql} = p.id`);
      from = `unnest(${this.parentKeys(parents.key)}) p(id) CROSS JOIN LATERAL (${page()}) ${alias}`;
    } else {
      if (parents)
        where.push(`${alias}.${resource.column(parents.key).sql} = ANY(${this.bind((c) => c.parents!.values)})`);
      // A limit counts rows of this resource, so it goes below the join that multiplies them.
      if (branches.length > 1 || (root.many && limit !== undefined)) from = `(${page()}) ${alias}`;
      else {
        const all = [...where, ...branches];
        from = `${resource.table} ${alias}`;
        tail = all.length ? ` WHERE ${all.join(' AND ')}` : '';
      }
    }
    const limited = from.startsWith(resource.table) ? limitSql : '';
    return this.finish(
      `SELECT ${this.out.join(', ')} FROM ${from}${this.joins.map((j) => ` ${j}`).join('')}${tail}${outer.length ? ` ORDER BY ${outer.join(', ')}` : ''}${limited}`,
      root,
      cursor,
      parent,
    );
  }
  private where(resource: Resource, alias: string): string[] {
    const { id, filter, filtered, search } = this.call;
    const where = this.visible(resource, alias);
    const column = (name: string) => `${alias}.${resource.column(name).sql}`;
    if (id !== undefined) where.push(`${column('id')} = ${this.bind((c) => c.id)}`);
    if (filter) where.push(conditionSql(filter.condition, column, (n) => this.bind((c) => c.filter!.values[n])));
    if (search !== undefined)
      where.push(`${column(resource.definition.search!)} @@ ${this.bind((c) => c.search)}::tsquery`);
    for (const field of filtered ?? []) {
      const allowed = this.allowed(resource, field, alias);
      if (allowed) where.push(allowed);
    }
    return where;
  }
  private count(resource: Resource, alias: string, where: string[]): Plan {
    const cap = this.bind((c) => c.countUpTo! + 1);
    const { parents } = this.call;
    if (parents) where.push(`${alias}.${resource.column(parents.key).sql} = p.id`);
    const inner = `SELECT FROM ${resource.table} ${alias}${where.length ? ` WHERE ${where.join(' AND ')}` : ''} LIMIT ${cap}`;
    const count = `SELECT count(*)::int AS n FROM (${inner}) counted`;
    const text = parents
      ? `SELECT c.n, p.id FROM unnest(${this.parentKeys(parents.key)}) p(id) CROSS JOIN LATERAL (${count}) c`
      : count;
    return this.finish(text, emptyNode(resource, 0), [], parents ? 1 : -1);
  }
  private parentKeys(key: string): string {
    const type = this.call.resource.column(key).kind === 'id' ? 'uuid' : 'text';
    return `${this.bind((c) => c.parents!.values)}::${type}[]`;
  }
  private bind(bind: Bind): string {
    return `$${this.binds.push(bind)}`;
  }
  private alias(): string {
    return `t${this.aliases++}`;
  }
  /** The position of the expression; what is there already is not read twice. */
  private select(sql: string): number {
    const known = this.out.indexOf(sql);
    return known < 0 ? this.out.push(sql) - 1 : known;
  }
  /** What decides whether the caller sees a row. */
  private visible(resource: Resource, alias: string): string[] {
    const rights = this.call.rights(resource);
    const alive = resource.softDeleted ? [`${alias}.${resource.column('deletedAt').sql} IS NULL`] : [];
    if (!rights.rows) return ['false'];
    if (rights.everything) return alive;
    const values = (c: Call) => c.rights(resource).rows!.values;
    return [...alive, this.condition(rights.rows, resource, alias, values)];
  }
  private allowed(resource: Resource, field: string, alias: string): string | undefined {
    const right = readable(this.call.rights(resource), resource, field);
    if (right === true) return undefined;
    if (!right) return 'false';
    return this.condition(right, resource, alias, (c) => (c.rights(resource).fields.get(field) as Lowered).values);
  }
  private condition(lowered: Lowered, resource: Resource, alias: string, values: (c: Call) => readonly unknown[]) {
    return conditionSql(
      lowered.condition,
      (name) => `${alias}.${resource.column(name).sql}`,
      (n) => this.bind((c) => c.access.value(values(c)[n])),
    );
  }
  private node(resource: Resource, selection: Selection, alias: string, mayJoinMany: boolean, key: string): Node {
    const column = (name: string) => `${alias}.${resource.column(name).sql}`;
    const node = emptyNode(resource, this.select(key));
    if (this.call.etag && resource.versioned) node.version = this.select(column('version'));
    for (const name of selection.fields) this.field(node, resource.fields.get(name)!, alias);
    for (const [name, child] of selection.nested) {
      const relation = resource.relation(name);
      const to = relation.to();
      if (relation.kind === 'many' && (!mayJoinMany || node.many)) {
        const at = this.select(column(relation.parentKey));
        node.later.push({ name, at, to, selection: child, childKey: relation.childKey });
        continue;
      }
      const a = this.alias();
      const on = [`${a}.${to.column(relation.childKey).sql} = ${column(relation.parentKey)}`, ...this.visible(to, a)];
      this.joins.push(`LEFT JOIN ${to.table} ${a} ON ${on.join(' AND ')}`);
      const mayJoin = relation.kind === 'one' && mayJoinMany && !node.many;
      const sub = this.node(to, child, a, mayJoin, this.presence(to, child, a));
      if (relation.kind === 'one') {
        node.ones.push([name, sub]);
        if (sub.many) throw new Error(`${resource.name}.${name}: a to-many below a to-one is not compiled`);
      } else {
        node.many = [name, sub];
        this.order.push(...childSort(to).map((k) => `${a}.${to.column(k.name).sql}${k.desc ? ' DESC' : ''}`));
      }
    }
    node.build = rowBuilder(node, this.call.nullHidden ?? false);
    return node;
  }
  /** A column that is null only where there is no row to join: one that is read anyway, or the id. */
  private presence(resource: Resource, { fields }: Selection, alias: string): string {
    const rights = this.call.rights(resource);
    const isSure = (name: string) =>
      readable(rights, resource, name) === true && resource.columns.get(name)?.nullable === false;
    // An ETag is made of ids and versions.
    const name = this.call.etag ? undefined : fields.find(isSure);
    return `${alias}.${resource.column(name ?? 'id').sql}`;
  }
  private field(node: Node, field: FieldMeta, alias: string): void {
    const { resource } = node;
    const right = readable(this.call.rights(resource), resource, field.name);
    if (!right) {
      node.forbidden.push(field.name);
      return;
    }
    const column = (name: string) => `${alias}.${resource.column(name).sql}`;
    const guard = right === true ? undefined : this.allowed(resource, field.name, alias)!;
    const read = (name: string) => this.select(guard ? `CASE WHEN ${guard} THEN ${column(name)} END` : column(name));
    const computed = resource.computed(field.name);
    const made = computed && { at: computed.from.map(read), value: computed.value };
    const parts = field.columns
      ? Object.entries(field.columns).map(([part, name]): [string, number] => [part, read(name)])
      : undefined;
    if (guard) node.guarded.push([field.name, made ?? parts ?? read(field.name), this.select(`(${guard}) IS TRUE`)]);
    else if (made) node.computed.push([field.name, made]);
    else if (parts) node.embedded.push([field.name, parts]);
    else node.fields.push([field.name, read(field.name)]);
  }
  /**
   * Rows after the cursor, as alternatives that an index answers one by one. NULL counts as the largest value, which is
   * how PostgreSQL sorts it, so it comes last ascending and first descending.
   */
  private keyset(keys: readonly (SortKey & { column: Column })[], after: readonly unknown[], alias: string): string[] {
    const cols = keys.map((k) => `${alias}.${k.column.sql}`);
    const { desc } = keys[0];
    const op = desc ? '<' : '>';
    const compare = (from: number) =>
      `(${cols.slice(from).join(', ')}) ${op} (${cols
        .slice(from)
        .map((_, i) => this.bind((c) => c.after![from + i]))
        .join(', ')})`;
    const uniform = keys.every((k) => k.desc === desc);
    if (uniform && keys.slice(1).every((k) => !k.column.nullable)) {
      if (!keys[0].column.nullable) return [compare(0)];
      if (after[0] === null) {
        const rest = `${cols[0]} IS NULL AND ${compare(1)}`;
        return desc ? [rest, `${cols[0]} IS NOT NULL`] : [rest];
      }
      return desc ? [compare(0)] : [compare(0), `${cols[0]} IS NULL`];
    }
    return [this.chain(keys, cols, after)];
  }
  /** The general form: past the first key, or equal in it and past the second, and so on. */
  private chain(keys: readonly (SortKey & { column: Column })[], cols: readonly string[], after: readonly unknown[]) {
    const step = (i: number): string => {
      const { desc, column } = keys[i];
      const isNull = after[i] === null;
      const value = isNull ? '' : this.bind((c) => c.after![i]);
      let past = isNull ? 'false' : `${cols[i]} ${desc ? '<' : '>'} ${value}`;
      if (isNull && desc) past = `${cols[i]} IS NOT NULL`;
      if (!isNull && !desc && column.nullable) past = `(${past} OR ${cols[i]} IS NULL)`;
      if (i === keys.length - 1) return past;
      return `(${past} OR (${isNull ? `${cols[i]} IS NULL` : `${cols[i]} = ${value}`} AND ${step(i + 1)}))`;
    };
    const first = keys[0];
    if (after[0] === null || (first.column.nullable && !first.desc)) return step(0);
    // Implied by the chain; it gives the index a bound to start at.
    return `${cols[0]} ${first.desc ? '<=' : '>='} ${this.bind((c) => c.after![0])} AND ${step(0)}`;
  }
  private finish(text: string, root: Node, cursor: number[], parent: number): Plan {
    const name = `r${createHash('sha1').update(text).digest('base64url').slice(0, 20)}`;
    return { text, name, binds: this.binds, root, cursor, parent, uses: 0 };
  }
}
const emptyNode = (resource: Resource, key: number): Node => ({
  resource,
  key,
  fields: [],
  embedded: [],
  computed: [],
  guarded: [],
  forbidden: [],
  ones: [],
  later: [],
  build: () => ({}),
});
