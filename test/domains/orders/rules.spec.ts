import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemsOf, resourceOfSubject, type Rule } from '#libs/authz/rules.js';
import { selectionOf } from '#libs/database/selection.js';
import { Order } from '#src/orders/order.entity.js';
import { differences, holderOf, loadRows } from '#test/queries/access-differences.js';
import { seedAccessRows, type AccessRows } from '#test/queries/access-subjects.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';
import { me } from '#test/queries/seeds.js';

let opened: Opened;
let rows: AccessRows;
beforeAll(async () => {
  opened = await openDatabase();
  await seedAccessRows(opened.database);
  rows = await loadRows(opened);
});
afterAll(() => opened.close());

it('SQL and can agree for a row that is asked about in another status', () => {
  const order = Object.assign(Order.draft({ customerId: me }), { status: 'PLACED', internalNote: 'call' });
  const on = (conditions: Rule['conditions']) =>
    holderOf([{ action: 'update', subject: 'Order', conditions }]).can('update', order.in('DRAFT'));
  expect(on({ status: 'DRAFT' })).toBe(true);
  expect(on({ status: 'DRAFT', note: null })).toBe(true);
  expect(on({ status: 'DRAFT', internalNote: null })).toBe(false);
  expect(on({ internalNote: { $ne: null } })).toBe(true);
});

it('a rule that looks at what only the database has cannot be stored: both ways to ask would differ', async () => {
  const rule: Rule = { action: 'read', subject: 'Product', conditions: { search: `'1':2,4 's':1 'thing':3` } };
  expect(problemsOf(rule)).not.toEqual([]);
  expect(await differences(opened, rows, holderOf([rule]), 'Product')).not.toEqual([]);
});
it.each<[string, Rule]>([
  [
    'a number that the column cannot hold',
    { action: 'read', subject: 'Product', conditions: { stock: 3_000_000_000 } },
  ],
  [
    'such a number for a column outside the view',
    { action: 'read', subject: 'Order', conditions: { historyCount: { $gt: 3_000_000_000 } } },
  ],
])('a rule with %s cannot be stored: every read of its holders would fail', async (_name, rule) => {
  expect(problemsOf(rule)).not.toEqual([]);
  const resource = resourceOfSubject(rule.subject)!;
  const read = { resource, access: holderOf([rule]), selection: selectionOf(resource, ['id']), limit: 1 };
  await expect(opened.reads.page({ ...read, sort: [{ name: 'id', desc: false }] })).rejects.toThrow();
});
