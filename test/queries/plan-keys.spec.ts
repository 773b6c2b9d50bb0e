import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { Actor } from '#libs/authz/actor.js';
import { RoleSet } from '#libs/authz/role-set.js';
import { Roles } from '#libs/authz/roles.js';
import type { Rule } from '#libs/authz/rules.js';
import { compile, planKey, type Call, type Read } from '#libs/database/compiler.js';
import { encodeCursor, listRead, scopeOf, type FilterInput } from '#libs/database/list.js';
import { allResources, type Operator, type Resource } from '#libs/database/resource.js';
import { selectionOf } from '#libs/database/selection.js';
import { openDatabase } from './opened.js';

// Columns are known when the entities are.
const opened = await openDatabase();
afterAll(() => opened.close());

const me = randomUUID();
const roles = new Roles();
const resources = [...allResources()].filter((r) => r.definition.subject);
/** A column with ids of other rows, such as `customerId`. */
const ownerOf = (resource: Resource): string =>
  [...resource.columns.values()].find((c) => c.kind === 'id' && c.name.endsWith('Id'))?.name ?? 'id';
const conditional = new RoleSet([
  [
    { action: 'read', subject: 'all' },
    { action: 'read', subject: 'User', fields: ['email', 'roles'], inverted: true },
    {
      action: 'read',
      subject: 'User',
      fields: ['email'],
      conditions: { locale: { $in: ['en', 'de'] }, suspensionReason: null },
    },
    // Fields that can be hidden are, in rows that belong to the actor.
    ...resources.flatMap((resource): Rule[] => {
      const fields = resource.restrictable().map((f) => f.name);
      const subject = resource.definition.subject!;
      const conditions = { [ownerOf(resource)]: '${actor.id}' };
      return fields.length > 0 && subject !== 'User'
        ? [{ action: 'read', subject, fields, inverted: true, conditions }]
        : [];
    }),
  ],
]);
const actors = [
  ...[[], ['customer'], ['support'], ['customer', 'manager'], ['admin']].map((held) => roles.actor(me, held)),
  roles.actor(null, []),
  new Actor(
    { kind: 'user', id: me },
    { names: [], all: conditional, everybodys: new RoleSet([]), everyAccounts: new RoleSet([]) },
  ),
];
/** A path of the view, or of a view below it. */
const path = (resource: Resource, depth: number): fc.Arbitrary<string> => {
  const relations = Object.entries(resource.relations).filter(
    ([, r]) => depth > 0 && r.kind === (depth > 1 ? r.kind : 'one'),
  );
  const own = fc.constantFrom(...resource.ownFields());
  const below = relations.map(([name, r]) => path(r.to(), depth - 1).map((p) => `${name}.${p}`));
  return below.length > 0
    ? fc.oneof({ weight: 3, arbitrary: own }, ...below.map((arbitrary) => ({ weight: 1, arbitrary })))
    : own;
};
const valueFor = (resource: Resource, name: string): fc.Arbitrary<unknown> => {
  const { kind, field } = resource.column(name);
  if (kind === 'id') return fc.uuid();
  if (kind === 'int' || kind === 'bigint') return fc.nat(1000);
  if (kind === 'flag') return fc.boolean();
  if (kind === 'instant') return fc.constantFrom('2026-01-01T00:00:00Z', '1999-12-31T23:59:59.999+02:00');
  return kind === 'choice' ? fc.constantFrom(...field!.values!) : fc.constantFrom('', 'a', '%', "'");
};
const filterOf = (resource: Resource) =>
  fc.record(
    Object.fromEntries(
      Object.entries(resource.filters).map(([name, operators]) => [
        name,
        fc.record(
          Object.fromEntries(
            operators.map((o: Operator) => [
              o,
              o === 'in' ? fc.array(valueFor(resource, name), { maxLength: 3 }) : valueFor(resource, name),
            ]),
          ),
          { requiredKeys: [] },
        ),
      ]),
    ),
    { requiredKeys: [] },
  ) as fc.Arbitrary<FilterInput>;
const sortOf = (resource: Resource) =>
  fc
    .shuffledSubarray(['id', ...resource.sorts], { minLength: 1 })
    .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(name, `-${name}`))))
    .map((keys) => keys.join());

/** Reads as lists, single reads and loaders make them; undefined where the caller may not ask so. */
const randomRead = fc
  .constantFrom(...resources)
  .chain((resource) =>
    fc.record({
      resource: fc.constant(resource),
      actor: fc.constantFrom(...actors),
      paths: fc.array(path(resource, 2), { minLength: 1, maxLength: 6 }),
      filter: fc.option(filterOf(resource), { nil: undefined }),
      sort: fc.option(sortOf(resource), { nil: undefined }),
      q: resource.definition.search
        ? fc.option(fc.constantFrom('tea', 'a b'), { nil: undefined })
        : fc.constant(undefined),
      after: fc.option(fc.infiniteStream(fc.boolean()), { nil: undefined }),
      etag: fc.boolean(),
      kind: fc.constantFrom('list', 'list', 'single', 'count', 'of parents', 'pages of parents'),
      value: fc.constantFrom(1, 2),
    }),
  )
  .map(({ resource, actor, paths, filter, sort, q, after, etag, kind, value }): Read | undefined => {
    const selection = selectionOf(resource, paths);
    if (kind === 'single') return { resource, access: actor, selection, id: me, etag };
    try {
      const first = listRead(resource, actor, { selection, filter, sort, q, limit: value });
      const cursor = first.sort!.map(({ name }) => {
        const { nullable, kind: type } = resource.column(name);
        if (nullable && after?.next().value) return null;
        return type === 'id' ? me : type === 'instant' ? '2026-01-01T00:00:00.000Z' : type === 'text' ? 'a' : value;
      });
      const read = after
        ? listRead(resource, actor, {
            selection,
            filter,
            sort,
            q,
            limit: value,
            after: encodeCursor(scopeOf(first), cursor),
          })
        : first;
      const parents = { key: ownerOf(resource), values: [me, randomUUID()] };
      if (kind === 'count')
        return { ...read, after: undefined, sort: undefined, limit: undefined, countUpTo: 10 * value };
      if (kind === 'of parents') return { ...read, parents, after: undefined, limit: undefined, etag };
      if (kind === 'pages of parents') return { ...read, parents };
      return { ...read, etag };
    } catch (error) {
      // A filter or a sort that the caller may not use.
      if ((error as { status?: number }).status === 400) return undefined;
      throw error;
    }
  });

const seed = Math.trunc(Math.random() * 2 ** 31);
it(
  `whatever is asked is SQL that runs, and one plan key stands for one text, seed ${seed}`,
  { timeout: 60_000 },
  async () => {
    const texts = new Map<string, string>();
    let ran = 0;
    const property = fc.asyncProperty(randomRead, async (read) => {
      if (!read) return;
      const call: Call = { ...read, rights: (resource) => read.access.rights(resource) };
      if (!call.rights(read.resource).rows) return;
      const plan = compile(call);
      const key = planKey(call);
      expect(texts.get(key) ?? plan.text).toBe(plan.text);
      texts.set(key, plan.text);
      const values = plan.binds.map((bind) => bind(call));
      await opened.statements.run({ text: plan.text }, values);
      ran++;
    });
    await fc.assert(property, { seed, numRuns: 700 });
    expect(ran).toBeGreaterThan(200);
    expect(texts.size).toBeGreaterThan(100);
  },
);
it.each(resources.map((resource) => [resource.name, resource] as const))(
  'keys of %s are not finer than they have to be: values make no plans',
  (_name, resource) => {
    const access = roles.actor(me, ['admin']);
    const selection = selectionOf(resource, ['id']);
    const keyOf = (read: Read) => planKey({ ...read, rights: (of) => access.rights(of) });
    const one = (id: string) => keyOf({ resource, access, selection, id });
    expect(one(randomUUID())).toBe(one(randomUUID()));
    const list = (limit: number, filter: FilterInput) =>
      keyOf(listRead(resource, access, { selection, limit, filter }));
    const [instant] = Object.entries(resource.filters).flatMap(([name, operators]) =>
      operators.includes('gte') && resource.column(name).kind === 'instant' ? [name] : [],
    );
    const after = (time: string): FilterInput => (instant ? { [instant]: { gte: time } } : {});
    expect(list(1, after('2026-01-01T00:00:00Z'))).toBe(list(2, after('1999-12-31T23:59:59Z')));
  },
);
