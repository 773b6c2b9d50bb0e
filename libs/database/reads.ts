import { Injectable } from '@nestjs/common';
import type { Access, Rights } from './access.js';
import { Document, Listing } from './answers.js';
import { childSort, compile, planKey, type Call, type Plan, type Read } from './compiler.js';
import { Page, type Item } from './item.js';
import { isUuid, listRead, type Ask, type ListInput } from './list.js';
import type { Transaction } from './pipelined-transaction.js';
import type { Resource } from './resource.js';
import type { Node } from './row-builder.js';
import { Statements, type Row } from './statements.js';

const maxPlans = 2000;
/** A named statement costs each connection some 17 KiB, and names are never taken back. */
const maxNamed = 300;
export const maxCount = 10_000;

/** Compiles reads of resources to SQL, once a shape, and runs them. */
@Injectable()
export class Reads {
  private readonly plans = new Map<string, Plan>();
  private named = 0;

  constructor(private readonly statements: Statements) {}

  get size(): { plans: number; named: number } {
    return { plans: this.plans.size, named: this.named };
  }

  /** A page of the resource as `access` may read it; errors name what may be asked instead. */
  async list(resource: Resource, access: Access, input: ListInput): Promise<Listing> {
    const read = { ...listRead(resource, access, input), etag: resource.definition.publicMaxAge !== undefined };
    const [page, count] = await Promise.all([this.page(read), input.count ? this.count(read) : undefined]);
    return new Listing(read, page, count === undefined ? undefined : totalOf(count));
  }
  /** One row by its id, or undefined when it does not exist or may not be seen. */
  async document(
    resource: Resource,
    access: Access,
    id: string,
    ask: Ask,
    within?: Transaction,
  ): Promise<Document | undefined> {
    if (!isUuid(id)) return undefined;
    const { selection, nullHidden } = ask;
    const { plan, rows, call } = await this.rows({ resource, access, selection, nullHidden, id, etag: true }, within);
    if (!plan || rows.length === 0) return undefined;
    const seen = new Set<string>();
    const { items } = await this.assemble(plan, rows, call, within, seen);
    const { version } = plan.root;
    const at = version === undefined ? 0 : (rows[0][version] as number);
    return new Document(
      rows[0][plan.root.key] as string,
      items[0],
      resource,
      at,
      [...seen].sort().join(),
      access,
      selection,
    );
  }
  /** A page of a list, or all rows when no limit is given. */
  async page(read: Read, within?: Transaction): Promise<Page> {
    const { plan, rows, call } = await this.rows(read, within);
    const page = new Page(plan?.cursor);
    if (!plan) return page;
    const seen = read.etag ? new Set<string>() : undefined;
    const { items, firsts } = await this.assemble(plan, rows, call, within, seen);
    const { key, version } = plan.root;
    if (seen && version !== undefined)
      for (const row of firsts) seen.add(`${row[key] as string}@${row[version] as number}`);
    page.hasMore = read.limit !== undefined && items.length > read.limit;
    if (page.hasMore) items.pop();
    items.forEach((item, i) => page.add(item, firsts[i]));
    page.versions = seen && [...seen].join();
    return page;
  }
  /** The children of each parent, by parent key; with a limit, a page for each. */
  async pagesByParent(read: Read, within?: Transaction, seen?: Set<string>): Promise<Map<unknown, Page>> {
    const { plan, rows, call } = await this.rows(read, within);
    const byParent = new Map(read.parents!.values.map((key) => [key, new Page(plan?.cursor)]));
    if (!plan) return byParent;
    const { items, firsts } = await this.assemble(plan, rows, call, within, seen);
    items.forEach((item, i) => {
      const page = byParent.get(firsts[i][plan.parent])!;
      if (read.limit !== undefined && page.items.length === read.limit) page.hasMore = true;
      else page.add(item, firsts[i]);
    });
    return byParent;
  }
  /** How many rows a list has, without reading any. */
  async total(resource: Resource, access: Access, input: ListInput, within?: Transaction): Promise<Total> {
    return totalOf(await this.count(listRead(resource, access, input), within));
  }
  /** How many rows the list has, up to `maxCount`; one more means "more than that". */
  async count(read: Read, within?: Transaction): Promise<number> {
    const { rows } = await this.rows(
      { ...read, countUpTo: maxCount, after: undefined, sort: undefined, limit: undefined },
      within,
    );
    return rows.length ? (rows[0][0] as number) : 0;
  }

  /** The same for the children of each parent. */
  async countsByParent(read: Read): Promise<Map<unknown, number>> {
    const counted = { ...read, countUpTo: maxCount, after: undefined, sort: undefined, limit: undefined };
    const { rows } = await this.rows(counted);
    return new Map(rows.map((row) => [row[1], row[0] as number]));
  }

  private async rows(read: Read, within?: Transaction): Promise<{ plan?: Plan; rows: Row[]; call: Call }> {
    const found = new Map<Resource, Rights>();
    const call: Call = {
      ...read,
      rights: (resource) => {
        let rights = found.get(resource);
        if (!rights) found.set(resource, (rights = read.access.rights(resource)));
        return rights;
      },
    };
    if (!call.rights(read.resource).rows) return { rows: [], call };
    const plan = this.plan(call);
    const values = plan.binds.map((bind) => bind(call));
    const name = plan.uses >= 2 ? plan.name : undefined;
    return { plan, call, rows: await this.statements.run({ name, text: plan.text }, values, within) };
  }
  private plan(call: Call): Plan {
    const key = planKey(call);
    let plan = this.plans.get(key);
    if (!plan) {
      plan = compile(call);
      if (this.plans.size >= maxPlans) this.plans.delete(this.plans.keys().next().value!);
      this.plans.set(key, plan);
    }
    // A shape earns a name with its second use; past the bound statements stay unnamed, so no client fills the memory.
    if (++plan.uses === 2) {
      if (this.named < maxNamed) this.named++;
      else plan.uses = -Infinity;
    }
    return plan;
  }
  private async assemble(plan: Plan, rows: Row[], call: Call, within?: Transaction, seen?: Set<string>) {
    const { root } = plan;
    if (seen) for (const row of rows) collectVersions(root, row, seen);
    const items: Item[] = [];
    const firsts: Row[] = [];
    if (!root.many) {
      for (const row of rows) items.push(root.build(row));
      firsts.push(...rows);
    } else {
      const [name, child] = root.many;
      let lastId: unknown;
      let children: Item[] = [];
      for (const row of rows) {
        if (items.length === 0 || row[root.key] !== lastId) {
          lastId = row[root.key];
          const item = root.build(row);
          children = item[name] as Item[];
          items.push(item);
          firsts.push(row);
        }
        if (row[child.key] !== null) children.push(child.build(row));
      }
    }
    for (const { name, at, to, selection, childKey } of root.later) {
      const keys = [...new Set(firsts.map((row) => row[at]))];
      const parents = { key: childKey, values: keys };
      const { access, etag, nullHidden } = call;
      const read = { resource: to, selection, access, parents, sort: childSort(to), etag, nullHidden };
      const byParent = await this.pagesByParent(read, within, seen);
      items.forEach((item, i) => (item[name] = byParent.get(firsts[i][at])!.items));
    }
    return { items, firsts };
  }
}
/** A count that stops at `maxCount`. */
export interface Total {
  readonly count: number;
  readonly isExact: boolean;
}
export const totalOf = (counted: number): Total => ({
  count: Math.min(counted, maxCount),
  isExact: counted <= maxCount,
});

/** `id@version` of every row of another resource that the document shows: its change must change the ETag. */
function collectVersions(node: Node, row: Row, seen: Set<string>): void {
  for (const [, child] of node.many ? [...node.ones, node.many] : node.ones) {
    if (row[child.key] === null) continue;
    if (child.version !== undefined) seen.add(`${row[child.key] as string}@${row[child.version] as number}`);
    collectVersions(child, row, seen);
  }
}
