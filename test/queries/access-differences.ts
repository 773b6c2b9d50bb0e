import fc from 'fast-check';
import { Actor } from '#libs/authz/actor.js';
import { RoleSet } from '#libs/authz/role-set.js';
import { problemsOf, resourceOfSubject, type Rule } from '#libs/authz/rules.js';
import { listRead } from '#libs/database/list.js';
import { selectionOf } from '#libs/database/selection.js';
import { filters, subjects, type AccessRows } from './access-subjects.js';
import type { Opened } from './opened.js';
import { randomRoles } from './random-rules.js';
import { me } from './seeds.js';

export async function loadRows({ orm }: Opened): Promise<AccessRows> {
  const em = orm.em.fork();
  const rows = {} as AccessRows;
  for (const s of subjects) rows[s] = await em.find(resourceOfSubject(s)!.definition.entity as never, {});
  return rows;
}
/** Somebody who owns some of the rows and holds roles with these rules. */
export const holderOf = (...roles: Rule[][]): Actor => holder(me, roles);
export const holder = (id: string, roles: Rule[][]): Actor =>
  new Actor(
    { kind: 'user', id },
    { names: [], all: new RoleSet(roles), everybodys: new RoleSet([]), everyAccounts: new RoleSet([]) },
  );

/**
 * Rows, and fields of rows, on which what SQL selects for this actor and what `can` says are not the same; the first few. A
 * field counts as readable where its row is.
 */
export async function differences(
  { reads }: Opened,
  rows: AccessRows,
  actor: Actor,
  subject: string,
): Promise<string[]> {
  const resource = resourceOfSubject(subject)!;
  const restrictable = resource.restrictable().map((f) => f.name);
  const selection = selectionOf(resource, ['id', ...restrictable]);
  const { items } = await reads.page({ resource, access: actor, selection, sort: [{ name: 'id', desc: false }] });
  const selected = new Map(items.map((item) => [item.id as string, item]));
  const found: string[] = [];
  const compare = (what: string, sql: boolean, can: boolean) => {
    if (sql !== can) found.push(`${what}: SQL says ${sql ? 'yes' : 'no'}, can says ${can ? 'yes' : 'no'}`);
  };
  for (const row of rows[subject]) {
    const item = selected.get(row.id);
    const visible = !row.deletedAt && actor.can('read', row);
    compare(`${subject} ${row.id}`, item !== undefined, visible);
    if (item)
      for (const name of restrictable)
        compare(`${subject}.${name} ${row.id}`, name in item, visible && actor.can('read', row, name));
  }
  return found.slice(0, 3);
}
/** The same for rows that a filter on a restrictable field finds: it must not tell what the field holds where it is hidden. */
export async function filterDifferences(
  { reads }: Opened,
  rows: AccessRows,
  actor: Actor,
  subject: string,
): Promise<string[]> {
  const resource = resourceOfSubject(subject)!;
  const [field, filter] = filters[subject] ?? [];
  const right = field && actor.rights(resource).fields.get(field);
  if (!field || !right) return [];
  const input = { selection: selectionOf(resource, ['id']), filter, sort: 'id' };
  const { items } = await reads.page({ ...listRead(resource, actor, input), limit: undefined });
  const found = new Set(items.map((item) => item.id as string));
  const wrong = rows[subject].filter((row) => {
    const readable = !row.deletedAt && actor.can('read', row) && actor.can('read', row, field);
    return found.has(row.id) !== (readable && (row as unknown as Record<string, unknown>)[field] !== null);
  });
  return wrong.map((row) => `${subject} ${row.id} by a filter on ${field}`).slice(0, 3);
}
/** Whatever rules admins store, both ways to ask agree. */
export const agreement = (opened: Opened, rows: AccessRows) =>
  fc.asyncProperty(randomRoles(rows), async ({ subject, roles }) => {
    const actor = holderOf(...roles);
    const wrong = [
      ...roles
        .flat()
        .flatMap(problemsOf)
        .map(({ field, code }) => `${field} ${code}`),
      ...(await differences(opened, rows, actor, subject)),
      ...(await filterDifferences(opened, rows, actor, subject)),
    ];
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
