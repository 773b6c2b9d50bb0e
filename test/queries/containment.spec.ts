import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { excessOf } from '#libs/authz/containment.js';
import { builtInRules } from '#libs/authz/policy.js';
import type { Rule } from '#libs/authz/rules.js';
import { loadRows } from './access-differences.js';
import { seedAccessRows, type AccessRows } from './access-subjects.js';
import { containment } from './containment.js';
import { openDatabase, type Opened } from './opened.js';

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

const seed = Math.trunc(Math.random() * 2 ** 31);
it(`what may be given, the giver has, seed ${seed}`, { timeout: 60_000 }, () => {
  const counts = { given: 0, all: 0 };
  fc.assert(containment(rows, excessOf, counts), { seed, numRuns: 150 });
  // A check that never lets anything be given would be right, too.
  expect(counts.given).toBeGreaterThan(counts.all / 10);
});

const read = (conditions?: Rule['conditions'], more: Partial<Rule> = {}): Rule => ({
  action: 'read',
  subject: 'User',
  ...(conditions && { conditions }),
  ...more,
});
const own = { id: '${actor.id}' };

describe('may be given', () => {
  it.each(['customer', 'support', 'manager', 'admin'])('%s by its own holders', (role) => {
    expect(excessOf([builtInRules(role)], [builtInRules(role)])).toEqual([]);
  });
  it.each(['customer', 'support', 'manager'])('%s by admins', (role) => {
    expect(excessOf([builtInRules('admin')], [builtInRules(role)])).toEqual([]);
  });
  it.each<[string, Rule[][], Rule[]]>([
    ['fewer rows', [[read()]], [read({ status: 'ACTIVE' })]],
    ['one of several values', [[read({ status: { $in: ['ACTIVE', 'SUSPENDED'] } })]], [read({ status: 'ACTIVE' })]],
    ['a narrower range', [[read({ version: { $gt: 2 } })]], [read({ version: { $gte: 5, $lt: 9 } })]],
    [
      'an earlier time',
      [[read({ createdAt: { $lt: '2026-01-01T00:00:00Z' } })]],
      [read({ createdAt: { $lte: '2025-12-31T23:00:00-00:30' } })],
    ],
    ['fewer fields', [[read(undefined, { fields: ['email', 'roles'] })]], [read(undefined, { fields: ['email'] })]],
    [
      'fields of several rules',
      [[read(undefined, { fields: ['email'] })], [read(undefined, { fields: ['roles'] })]],
      [read(undefined, { fields: ['email', 'roles'] })],
    ],
    [
      'rows of several rules',
      [[read({ status: 'ACTIVE' })], [read({ locale: 'de' })]],
      [read({ $or: [{ status: 'ACTIVE' }, { locale: 'de' }] })],
    ],
    ['what is one’s own', [[read(own)]], [read(own)]],
    [
      'rows that are not taken back',
      [[read(), read({ status: 'SUSPENDED' }, { inverted: true })]],
      [read({ status: 'ACTIVE' })],
    ],
    [
      'what is taken back again',
      [[read(), read({ locale: 'de' }, { inverted: true })]],
      [read(), read({ locale: { $in: ['de', 'en'] } }, { inverted: true })],
    ],
    ['one action of all', [[{ action: 'manage', subject: 'User' }]], [read(), { action: 'suspend', subject: 'User' }]],
    ['a double negation', [[read({ $nor: [{ status: { $ne: 'ACTIVE' } }] })]], [read({ status: 'ACTIVE' })]],
    ['nothing', [], [read({ id: { $in: [] } })]],
  ])('%s', (_name, giver, granted) => {
    // Nothing at all is given by a rule without rows, but only who has a rule about them knows that.
    expect(excessOf(giver, [granted])).toEqual(giver.length === 0 ? [{ role: 0, rule: 0 }] : []);
  });
});

describe('may not be given', () => {
  it.each<[string, Rule[][], Rule[], number?]>([
    ['more rows', [[read({ status: 'ACTIVE' })]], [read()]],
    ['other rows', [[read({ status: 'ACTIVE' })]], [read({ status: 'SUSPENDED' })]],
    ['all fields for some', [[read(undefined, { fields: ['email'] })]], [read()]],
    ['another action', [[read()]], [{ action: 'suspend', subject: 'User' }]],
    [
      'every action for each that there is',
      [[{ action: ['read', 'update', 'suspend'], subject: 'User' }]],
      [{ action: 'manage', subject: 'User' }],
    ],
    [
      'every subject for each that there is',
      [
        [
          { action: 'manage', subject: 'User' },
          { action: 'manage', subject: 'Role' },
        ],
      ],
      [{ action: 'manage', subject: 'all' }],
    ],
    ['everybody’s for one’s own', [[read(own)]], [read()]],
    [
      'all but one’s own, which is the giver’s for others',
      [[read({ id: { $ne: '${actor.id}' } })]],
      [read({ id: { $ne: '${actor.id}' } })],
    ],
    [
      'all but what is taken back of one’s own',
      [[read(), read(own, { inverted: true })]],
      [read(), read(own, { inverted: true })],
    ],
    ['what is taken back', [[read(), read(undefined, { inverted: true, fields: ['email'] })]], [read()]],
    [
      'what is taken back later',
      [[read(), read({ locale: 'de' }, { inverted: true })]],
      [read({ locale: 'de' }, { inverted: true }), read()],
      1,
    ],
    [
      'more than is taken back again',
      [[read(), read({ locale: { $in: ['de', 'en'] } }, { inverted: true })]],
      [read(), read({ locale: 'de' }, { inverted: true })],
    ],
    [
      'a row that is taken back by its fields only',
      [[read(), read(undefined, { inverted: true })]],
      [read(), read(undefined, { inverted: true, fields: ['email'] })],
    ],
    ['what another role takes back', [[read(), read({ locale: 'de' }, { inverted: true })]], [read({ locale: 'de' })]],
    [
      'unknown where null counts',
      [[read({ suspensionReason: { $ne: 'fraud' } })]],
      [read({ suspensionReason: { $nin: [] } })],
    ],
    ['the other side of a bound', [[read({ version: { $gt: 5 } })]], [read({ version: { $gte: 5 } })]],
    ['a part of what is joined', [[read({ status: 'ACTIVE', locale: 'de' })]], [read({ status: 'ACTIVE' })]],
  ])('%s', (_name, giver, granted, rule = 0) => {
    expect(excessOf(giver, [granted])).toEqual([{ role: 0, rule }]);
  });
  it('admin by anybody else', () => {
    for (const role of ['customer', 'support', 'manager'])
      expect(excessOf([builtInRules(role)], [builtInRules('admin')])).toEqual([{ role: 0, rule: 0 }]);
  });
});
