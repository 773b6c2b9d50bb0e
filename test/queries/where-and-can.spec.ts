import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPolicies } from '#libs/authz/policy.js';
import { Roles } from '#libs/authz/roles.js';
import { problemsOf, resourceOfSubject, type Rule } from '#libs/authz/rules.js';
import { selectionOf } from '#libs/database/selection.js';
import { agreement, differences, holderOf, loadRows } from './access-differences.js';
import { seedAccessRows, subjects, type AccessRows } from './access-subjects.js';
import { openDatabase, type Opened } from './opened.js';
import { me, rowsEach } from './seeds.js';

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

describe('what SQL selects is what can says', () => {
  it('asks about enough rows, some of them deleted', () => {
    for (const subject of subjects) {
      expect(rows[subject]).toHaveLength(rowsEach);
      if (resourceOfSubject(subject)!.softDeleted)
        expect(rows[subject].filter((row) => row.deletedAt).length).toBeGreaterThan(20);
    }
  });

  const builtIn = ['customer', 'support', 'manager', 'admin'];
  const sets = Array.from({ length: 2 ** builtIn.length }, (_, i) => builtIn.filter((_role, bit) => i & (1 << bit)));
  it.each(sets.map((roles) => [roles.join(' and ') || 'nobody in particular', roles] as const))(
    'for %s, by the policies of all domains',
    async (_name, roles) => {
      for (const actor of [new Roles().actor(me, roles), new Roles().actor(null, roles)])
        for (const subject of subjects) expect(await differences(opened, rows, actor, subject)).toEqual([]);
    },
  );
  it('and the policies hold no rule that could not be stored', () => {
    const rules = [...allPolicies().values()].flatMap((policy) => Object.values(policy).flat());
    expect(rules.length).toBeGreaterThan(3);
    expect(rules.flatMap(problemsOf)).toEqual([]);
  });

  const seed = Math.trunc(Math.random() * 2 ** 31);
  it(`for random rules of several roles, seed ${seed}`, { timeout: 60_000 }, async () => {
    await expect(fc.assert(agreement(opened, rows), { seed, numRuns: 150 })).resolves.toBeUndefined();
  });
});

describe('a rule that cannot be stored', () => {
  const read = (subject: string, conditions: Record<string, unknown>): Rule => ({
    action: 'read',
    subject,
    conditions,
  });

  it.each<[string, Rule]>([
    ['sorts texts, whose order depends on the collation', read('User', { displayName: { $gt: '\uffee' } })],
    ['sorts texts downwards', read('User', { displayName: { $lte: '\uffee' } })],
  ])('%s: both ways to ask would differ', async (_name, rule) => {
    expect(problemsOf(rule)).not.toEqual([]);
    expect(await differences(opened, rows, holderOf([rule]), rule.subject)).not.toEqual([]);
  });
  it('hides a field that cannot be hidden: the query would show it', async () => {
    const rule: Rule = { action: 'read', subject: 'User', fields: ['id', 'version'] };
    expect(problemsOf(rule)).not.toEqual([]);
    const resource = resourceOfSubject('User')!;
    const access = holderOf([rule]);
    const { items } = await opened.reads.page({
      resource,
      access,
      selection: selectionOf(resource, ['displayName']),
      limit: 1,
      sort: [{ name: 'id', desc: false }],
    });
    expect(items[0]).toHaveProperty('displayName');
    expect(access.can('read', rows.User[0], 'displayName')).toBe(false);
  });
  it.each<[string, Rule]>([
    ['names no field', { action: 'update', subject: 'User', fields: [] }],
    ['compares with nothing', read('User', { version: {} })],
    ['joins no conditions', read('User', { $or: [] })],
    ['sorts by null', read('User', { createdAt: { $gt: null } })],
    ['sorts truths', read('Role', { builtIn: { $gt: false } })],
    ['sorts by a placeholder', read('User', { id: { $gt: '${actor.id}' } })],
    ['has an operator without SQL', read('User', { displayName: { $regex: '^a' } })],
    ['has a number that the column cannot hold', read('User', { version: 3_000_000_000 })],
    ['has an id that is none', read('User', { id: '-'.repeat(36) })],
    ['has a text that no database holds', read('User', { displayName: 'a\0b' })],
    ['compares a list', read('User', { roles: 'customer' })],
    ['compares a document', read('User', { preferences: 'blue' })],
    ['has a time that is none', read('User', { createdAt: 'tomorrow' })],
  ])('%s: every read of its holders would fail', async (_name, rule) => {
    expect(problemsOf(rule)).not.toEqual([]);
    const ask = async () => {
      const resource = resourceOfSubject(rule.subject)!;
      const access = holderOf([rule]);
      await opened.reads.page({
        resource,
        access,
        selection: selectionOf(resource, ['id']),
        limit: 1,
        sort: [{ name: 'id', desc: false }],
      });
    };
    await expect(ask()).rejects.toThrow();
  });
  it.each<[string, Rule]>([
    ['a subject that does not exist', { action: 'read', subject: 'Invoice' }],
    ['conditions on every subject', { action: 'read', subject: 'all', conditions: { id: me } }],
    ['a field that does not exist', { action: 'update', subject: 'User', fields: ['owner'] }],
    ['a column that does not exist', read('User', { owner: me })],
    ['a path', read('User', { 'owner.email': 'a' })],
    ['a condition that is none', read('User', { $and: [null] })],
    ['a list of conditions', { action: 'read', subject: 'User', conditions: [] as never }],
    ['a list of a list', read('User', { $or: [[]] })],
    ['an operator that may be one in JavaScript', read('User', { constructor: 'a' })],
    ['null in a list, which would find nothing', read('User', { displayName: { $in: [null] } })],
    ['a day that does not exist', read('User', { createdAt: { $gt: '2026-02-31T00:00:00Z' } })],
    ['a number as text', read('User', { version: '100' })],
  ])('has %s', (_name, rule) => {
    expect(problemsOf(rule)).toHaveLength(1);
  });
});
