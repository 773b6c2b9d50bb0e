import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { resourceOfSubject, type Rule } from '#libs/authz/rules.js';
import { currentLocale } from '#libs/context/request-context.js';
import { compile, type Call } from '#libs/database/compiler.js';
import { hidden, type Item } from '#libs/database/item.js';
import type { Resource } from '#libs/database/resource.js';
import type { Made, Node } from '#libs/database/row-builder.js';
import { selectionOf } from '#libs/database/selection.js';
import type { Row } from '#libs/database/statements.js';
import { holderOf } from './access-differences.js';
import { subjects, type AccessRows } from './access-subjects.js';
import type { Opened } from './opened.js';
import { randomConditions } from './random-rules.js';

/** A row's item, field by field: what the compiled builder of a node has to agree with. */
export function plainItem(node: Node, row: Row, nullHidden: boolean): Item {
  const embedded = (parts: readonly [string, number][]) =>
    row[parts[0][1]] === null ? null : Object.fromEntries(parts.map(([name, at]) => [name, row[at]]));
  const made = ({ at, value }: Made) =>
    value(
      at.map((position) => row[position]),
      currentLocale(),
    );
  const item: Item & { [hidden]?: string[] } = {};
  for (const [name, at] of node.fields) item[name] = row[at];
  for (const [name, parts] of node.embedded) item[name] = embedded(parts);
  for (const [name, value] of node.computed) item[name] = made(value);
  const hide: string[] = [];
  for (const [name, value, allowed] of node.guarded) {
    if (!row[allowed]) hide.push(name);
    else if (typeof value === 'number') item[name] = row[value];
    else item[name] = 'value' in value ? made(value) : embedded(value);
  }
  hide.push(...node.forbidden);
  if (nullHidden) {
    for (const name of hide) item[name] = null;
    if (node.guarded.length > 0 || node.forbidden.length > 0) item[hidden] = hide;
  }
  for (const [name, one] of node.ones) item[name] = row[one.key] === null ? null : plainItem(one, row, nullHidden);
  if (node.many) item[node.many[0]] = [];
  for (const { name } of node.later) item[name] = null;
  return item;
}
/** What an item can consist of beside columns. */
const kinds = ['guarded', 'forbidden', 'computed', 'embedded', 'ones', 'later'] as const;
const partsOf = (root: Node) => (root.many ? [root, root.many[1]] : [root]);
const kindsOf = (root: Node) => kinds.filter((kind) => partsOf(root).some((node) => node[kind].length > 0));
const callOf = (resource: Resource, rules: Rule[], fields: string[], nullHidden: boolean): Call => {
  const actor = holderOf(rules);
  const selection = selectionOf(resource, fields);
  return { resource, access: actor, selection, nullHidden, rights: (of) => actor.rights(of) };
};
/** The kinds that the resources of this project have: those of everything that can be selected, and hidden fields. */
export const declaredKinds = (): string[] =>
  [
    ...new Set([
      'guarded',
      'forbidden',
      ...subjects.flatMap((subject) => {
        const resource = resourceOfSubject(subject)!;
        const below = Object.entries(resource.relations).flatMap(([name, { to }]) =>
          to()
            .ownFields()
            .map((field) => `${name}.${field}`),
        );
        const fields = [...resource.ownFields(), ...below];
        return kindsOf(compile(callOf(resource, [{ action: 'read', subject: 'all' }], fields, false)).root);
      }),
    ]),
  ].sort();
/** Any fields of the resource, and of those that it refers to. */
function paths(resource: Resource, depth: number): fc.Arbitrary<string[]> {
  const own = fc.subarray(resource.ownFields(), { minLength: 1 });
  const relations = Object.entries(resource.relations).filter(([, { kind }]) => depth > 1 || kind === 'one');
  if (depth === 0 || relations.length === 0) return own;
  const below = relations.map(([name, { to }]) =>
    fc.option(paths(to(), depth - 1), { nil: [] }).map((some) => some.map((path) => `${name}.${path}`)),
  );
  return fc.tuple(own, ...below).map((parts) => parts.flat());
}
/** Everything may be read but some fields, in all rows or in some of them. */
const randomRules = (rows: AccessRows): fc.Arbitrary<Rule[]> => {
  const hiding = subjects.flatMap((subject) => {
    const fields = resourceOfSubject(subject)!
      .restrictable()
      .map((f) => f.name);
    if (fields.length === 0) return [];
    const rule = fc.record(
      {
        action: fc.constant('read'),
        subject: fc.constant(subject),
        fields: fc.subarray(fields, { minLength: 1 }),
        inverted: fc.constant(true),
        conditions: randomConditions(rows, subject),
      },
      { requiredKeys: ['action', 'subject', 'fields', 'inverted'] },
    );
    return [fc.array(rule, { maxLength: 2 })];
  });
  return fc.tuple(...hiding).map((rules) => [{ action: 'read', subject: 'all' }, ...rules.flat()]);
};
/** Whatever is selected under whatever rights, compiled builders and `plainItem` make the same items of PostgreSQL's rows. */
export const sameItems = ({ statements }: Opened, rows: AccessRows, met: Set<string> = new Set()) => {
  const asked = fc
    .constantFrom(...subjects)
    .map((subject) => resourceOfSubject(subject)!)
    .chain((resource) => fc.tuple(fc.constant(resource.definition.subject!), paths(resource, 2)));
  return fc.asyncProperty(asked, randomRules(rows), fc.boolean(), async ([subject, fields], rules, nullHidden) => {
    const resource = resourceOfSubject(subject)!;
    const call = callOf(resource, rules, fields, nullHidden);
    if (!call.rights(resource).rows) return;
    const plan = compile(call);
    const values = plan.binds.map((bind) => bind(call));
    const found = await statements.run({ text: plan.text }, values);
    for (const kind of kindsOf(plan.root)) met.add(kind);
    for (const node of partsOf(plan.root)) {
      for (const row of found) {
        const [compiled, plain] = [node.build(row), plainItem(node, row, nullHidden)];
        // Answers of REST have the fields in this order.
        const sameText = nullHidden || JSON.stringify(compiled) === JSON.stringify(plain);
        if (!isDeepStrictEqual(compiled, plain) || !sameText)
          throw new Error(`${JSON.stringify(compiled)} instead of ${JSON.stringify(plain)}`);
      }
    }
  });
};
