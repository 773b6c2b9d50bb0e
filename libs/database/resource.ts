import type { EntityMetadata, EntityProperty, MikroORM } from '@mikro-orm/core';
import { fieldsOf, type FieldMeta, type Type } from '#libs/contract/fields.js';
import type { Locale } from '#libs/messages/messages.js';

export type Operator = 'eq' | 'ne' | 'in' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains' | 'has';
type MoneyLike = { amount: number; currency: string };
type NonNull<T> = Exclude<T, null | undefined>;
/** Names of a view that a list can filter and sort by: its scalars, and `<field>Amount` of its money. */
export type ColumnName<V> = {
  [K in keyof V & string]: NonNull<V[K]> extends string | number | boolean | string[]
    ? K
    : NonNull<V[K]> extends MoneyLike
      ? `${K}Amount`
      : never;
}[keyof V & string];
type Nested<V> = {
  [K in keyof V & string]: NonNull<V[K]> extends MoneyLike ? never : NonNull<V[K]> extends object ? K : never;
}[keyof V & string];

/** How a nested view is reached: `parentKey` of this row equals `childKey` of the other. */
export interface Relation {
  readonly to: () => Resource;
  readonly kind: 'one' | 'many';
  readonly parentKey: string;
  readonly childKey: string;
}
/** A field that no column holds: made of columns of its row when it is read, in the language of the request. */
export interface Computed<T = unknown> {
  /** Properties of the entity. */
  readonly from: readonly string[];
  /** Takes what `from` names, in that order. It must not fail: rows outlive the code that wrote them. */
  readonly value: (values: readonly any[], locale: Locale) => T;
  /** Unless told it is. */
  readonly isLocalized?: boolean;
}
export interface Definition<V extends object> {
  /** Singular, camelCase: `order`. */
  name: string;
  /** Plural, as in paths and GraphQL lists: `orders`. */
  plural: string;
  view: Type<V>;
  entity: Type;
  /** CASL subject. Without one the rows are part of their parent and follow its rules. */
  subject?: string;
  filters?: { [K in ColumnName<V>]?: readonly Operator[] };
  sorts?: readonly ColumnName<V>[];
  /** As in `?sort=`: `-placedAt`. Newest first unless told. */
  defaultSort?: string;
  /** Property of the entity that holds a tsvector: the list takes `q`. */
  search?: string;
  relations?: { [K in Nested<V>]?: Relation };
  /** Fields of the view that are made when they are read. Lists can neither filter nor sort by them. */
  computed?: { [K in keyof V & string]?: Computed<V[K]> };
  /** Property of the entity that holds the id of the one account that a row is for. To all others, whatever their roles
   * allow, it does not exist. */
  personal?: string;
  /** What is computed depends on the session that the request is made in: an `ETag` of one is none of another. */
  dependsOnSession?: boolean;
  /** Nested views that a single read contains unless `fields` says otherwise. */
  detail?: readonly Nested<V>[];
  /** Largest page; a larger `limit` is an error. */
  maxLimit?: number;
  /** Documents that everybody may read: cacheable by anyone when asked for without credentials. */
  publicMaxAge?: number;
}
export interface Column {
  readonly name: string;
  /** Quoted name in the table. */
  readonly sql: string;
  readonly nullable: boolean;
  /** The field of the view that it belongs to, if any; rights are asked of that. */
  readonly field?: FieldMeta;
  /** How values of it are parsed and compared. */
  readonly kind: FieldMeta['kind'];
  readonly list: boolean;
  /** Read with the entity; others only SQL can look at. */
  readonly loaded: boolean;
}

const all = new Set<Resource>();
export const allResources = (): ReadonlySet<Resource> => all;

/** A definition with what follows from it. Columns come from the entity's mapping, so that a name is written once. */
export class Resource<V extends object = any> {
  readonly fields: ReadonlyMap<string, FieldMeta>;
  readonly columns = new Map<string, Column>();
  readonly defaultLimit = 20;
  readonly maxLimit: number;
  table = '';
  /** Rows carry `version`, so the resource has an ETag. */
  versioned = false;
  softDeleted = false;

  constructor(readonly definition: Definition<V>) {
    this.fields = fieldsOf(definition.view);
    this.maxLimit = definition.maxLimit ?? 100;
    for (const other of all)
      if (other.name === definition.name) throw new Error(`resource ${definition.name} is defined twice`);
    all.add(this);
  }
  get name(): string {
    return this.definition.name;
  }
  /** As in REST's paths: `support-tickets` for `supportTickets`. */
  get path(): string {
    return this.definition.plural.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  }
  get filters(): Readonly<Record<string, readonly Operator[]>> {
    return (this.definition.filters ?? {}) as Record<string, readonly Operator[]>;
  }
  get sorts(): readonly string[] {
    return this.definition.sorts ?? [];
  }
  get detail(): readonly string[] {
    return this.definition.detail ?? [];
  }
  get relations(): Readonly<Record<string, Relation>> {
    return (this.definition.relations ?? {}) as Record<string, Relation>;
  }
  computed(name: string): Computed | undefined {
    return (this.definition.computed as Record<string, Computed> | undefined)?.[name];
  }
  /** Whether an answer depends on the language that it is asked in. */
  get isLocalized(): boolean {
    return Object.values((this.definition.computed ?? {}) as Record<string, Computed>).some(
      (c) => c.isLocalized ?? true,
    );
  }
  relation(name: string): Relation {
    const found = this.relations[name];
    if (!found) throw new Error(`${this.name}.${name} is not a relation`);
    return found;
  }
  column(name: string): Column {
    const found = this.columns.get(name);
    if (!found) throw new Error(`${this.name} has no column "${name}"`);
    return found;
  }
  /** Fields that are read from the row itself. */
  ownFields(): string[] {
    return [...this.fields.values()].filter((f) => f.kind !== 'nested' || f.columns).map((f) => f.name);
  }
  /** Fields that rights may hide. */
  restrictable(): FieldMeta[] {
    return [...this.fields.values()].filter((f) => f.restrictable);
  }

  /** Reads the mapping; returns what does not fit, in words. */
  bind(orm: MikroORM): string[] {
    const meta: EntityMetadata = orm.getMetadata().get(this.definition.entity as never);
    this.table = `"${meta.tableName}"`;
    const embedded = new Map<string, FieldMeta>();
    for (const f of this.fields.values())
      for (const column of Object.values(f.columns ?? {})) if (!embedded.has(column)) embedded.set(column, f);
    this.columns.clear();
    for (const property of meta.props) {
      if (property.fieldNames?.length !== 1 || property.persist === false) continue;
      const own = this.fields.get(property.name);
      const field = own ?? embedded.get(property.name);
      this.columns.set(property.name, {
        name: property.name,
        sql: `"${property.fieldNames[0]}"`,
        nullable: !!property.nullable,
        field,
        kind: own && own.kind !== 'nested' ? own.kind : kindOf(property),
        list: own?.list ?? property.type === 'array',
        loaded: !property.lazy,
      });
    }
    this.versioned = this.columns.has('version');
    this.softDeleted = this.columns.has('deletedAt');
    return [...this.fields.values()].flatMap((f) => this.misfit(f)).concat(this.misfitKeys());
  }
  private misfit(f: FieldMeta): string[] {
    const bad = (text: string) => [`${this.name}.${f.name}: ${text}`];
    if (f.columns) {
      const missing = Object.values(f.columns).filter((c) => !this.columns.has(c));
      return missing.length ? bad(`the entity has no ${missing.join(', ')}`) : [];
    }
    if (f.kind === 'nested') {
      const relation = this.relations[f.name];
      if (!relation) return bad('a nested view without a relation');
      if (relation.kind === 'one' && relation.to().definition.subject && !f.nullable)
        return bad('rights may hide the other row, so the field must be nullable');
      return [];
    }
    const computed = this.computed(f.name);
    if (computed) return computed.from.flatMap((name) => this.misfitSource(name, bad));
    const column = this.columns.get(f.name);
    if (!column) return bad('the entity has no such column');
    return column.nullable && !f.nullable ? bad('the column is nullable, the view is not') : [];
  }
  private misfitSource(name: string, bad: (text: string) => string[]): string[] {
    const source = this.columns.get(name);
    if (!source) return bad(`it is made of ${name}, which the entity has not`);
    return source.field?.restrictable ? bad(`it is made of ${name}, which rights may hide, and would tell it`) : [];
  }
  private misfitKeys(): string[] {
    const { personal } = this.definition;
    if (personal !== undefined && this.columns.get(personal)?.nullable !== false)
      return [`${this.name}: personal rows need a column ${personal} that is never null`];
    const need = [
      ...Object.keys(this.filters),
      ...this.sorts,
      ...Object.values(this.relations).map((r) => r.parentKey),
      ...(this.definition.search ? [this.definition.search] : []),
      'id',
    ];
    return need
      .filter((name) => !this.columns.has(name))
      .map((name) => `${this.name}: the entity has no column ${name}`);
  }
}
function kindOf({ runtimeType, type, columnTypes }: EntityProperty): FieldMeta['kind'] {
  if (type === 'integer') return 'int';
  if (type === 'json' || columnTypes?.[0] === 'jsonb') return 'json';
  if (runtimeType === 'number') return 'bigint';
  if (runtimeType === 'boolean') return 'flag';
  if (runtimeType === 'Date') return 'instant';
  // What refers to another entity has the name of that as its type.
  return columnTypes?.[0] === 'uuid' ? 'id' : 'text';
}

/** Declares a resource; filters, sorts and relations with wrong names do not compile. */
export const resource = <V extends object>(definition: Definition<V>): Resource<V> => new Resource(definition);
export const one = (to: () => Resource, parentKey: string): Relation => ({
  to,
  kind: 'one',
  parentKey,
  childKey: 'id',
});
export const many = (to: () => Resource, childKey: string): Relation => ({
  to,
  kind: 'many',
  parentKey: 'id',
  childKey,
});

/** Checks every definition against its entity; all misfits at once stop the start. */
export function bindResources(orm: MikroORM): void {
  const bad = [...all].flatMap((r) => r.bind(orm));
  bad.push(
    ...[...all].flatMap((r) =>
      Object.entries(r.relations)
        .filter(([, relation]) => !relation.to().columns.has(relation.childKey))
        .map(([name, relation]) => `${r.name}.${name}: ${relation.to().name} has no column ${relation.childKey}`),
    ),
  );
  if (bad.length) throw new Error(`resource definitions do not fit their entities:\n  ${bad.join('\n  ')}`);
}
