import { createHash } from 'node:crypto';
import { rulesToCondition } from '@casl/ability/extra';
import type { MongoAbility } from '@casl/ability';
import { buildAnd, buildOr, CompoundCondition, FieldCondition, type Condition } from '@ucast/core';
import type { Rights } from '#libs/database/access.js';
import { ActorValue, lower, type Lowered } from '#libs/database/conditions.js';
import type { Resource } from '#libs/database/resource.js';

const everything = lower(buildAnd([]));
const idsByKey = new Map<string, number>();

/** Where `ability` allows to read `field`; undefined: nowhere. `null` from CASL means nothing allowed, not everything. */
function conditionOf(ability: MongoAbility, subject: string, field: string): Condition | undefined {
  const condition = rulesToCondition<MongoAbility, Condition, Condition>(
    ability.rulesFor('read', subject, field),
    (rule) => (rule.inverted ? new CompoundCondition('not', [rule.ast!]) : rule.ast!),
    { and: buildAnd, or: buildOr, empty: () => buildAnd([]) },
  );
  return condition ?? undefined;
}
/** Roles add up: a row, or a field of it, may be read when one of the roles may read it. */
function union(abilities: readonly MongoAbility[], subject: string, field: string): Lowered | undefined {
  const conditions = abilities.flatMap((a) => conditionOf(a, subject, field) ?? []);
  if (conditions.length === 0) return undefined;
  const lowered = conditions.map(lower);
  if (lowered.some((l) => l.key === everything.key)) return everything;
  return conditions.length === 1 ? lowered[0] : lower(buildOr(conditions));
}
const same = (a: Lowered, b: Lowered) => a.key === b.key && a.values.every((v, i) => v === b.values[i]);

/** Personal rows are their owner's, whatever else is allowed. `Actor.can` says the same of an entity. */
function ofOwner(rows: Lowered, personal: string): Lowered {
  const own = new FieldCondition('eq', personal, new ActorValue('id'));
  return lower(rows.key === everything.key ? own : buildAnd([own, rows.condition]));
}
/** What holders of these abilities may read of a resource. A row is visible when its `id` may be read. */
export function rightsOf(abilities: readonly MongoAbility[], resource: Resource): Rights {
  const { subject, personal } = resource.definition;
  const fields = new Map<string, true | Lowered>();
  let rows: Lowered | undefined = everything;
  if (subject) {
    rows = union(abilities, subject, 'id');
    if (rows)
      for (const { name } of resource.restrictable()) {
        const allowed = union(abilities, subject, name);
        if (allowed) fields.set(name, allowed.key === everything.key || same(allowed, rows) ? true : allowed);
      }
    if (rows && personal !== undefined) rows = ofOwner(rows, personal);
  } else for (const { name } of resource.restrictable()) fields.set(name, true);
  const shape = `${resource.name} ${rows?.key} ${[...fields].map(([n, f]) => `${n}:${f === true ? '' : f.key}`).join()}`;
  if (!idsByKey.has(shape)) idsByKey.set(shape, idsByKey.size + 1);
  const values = [rows, ...fields.values()].map((l) => (l && l !== true ? l.values : null));
  return {
    id: idsByKey.get(shape)!,
    key: createHash('sha1')
      .update(shape + JSON.stringify(values))
      .digest('base64url')
      .slice(0, 8),
    rows,
    everything: rows?.key === everything.key,
    fields,
  };
}
