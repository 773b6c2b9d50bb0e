import fc from 'fast-check';
import { actionsOf } from '#libs/authz/actions.js';
import { resourceOfSubject, type Rule } from '#libs/authz/rules.js';
import type { Column } from '#libs/database/resource.js';
import { subjects, type AccessRows } from './access-subjects.js';

type Conditions = Record<string, unknown>;
const actorId = '${actor.id}';
const ordered = new Set(['int', 'bigint', 'instant']);

/** Values that a rule may compare the column with: those of the rows, and some beside them. */
function valuesOf(rows: AccessRows[string], { name, kind }: Column): fc.Arbitrary<unknown> {
  const raw = new Set(
    rows.map((row) => (row as unknown as Conditions)[name]).filter((v) => v !== null && v !== undefined),
  );
  const seen = [...raw].slice(0, 50).map((v) => (v instanceof Date ? v.toISOString() : v));
  const more: Partial<Record<Column['kind'], fc.Arbitrary<unknown>[]>> = {
    int: [fc.integer()],
    bigint: [fc.integer({ min: -1000, max: 1000 })],
    instant: [
      fc
        .date({ min: new Date('1969-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
        .map((d) => d.toISOString()),
      fc.constant('1970-01-01T02:00:00+02:00'),
    ],
    id: [
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
      fc.constantFrom(...seen.flatMap((id) => (typeof id === 'string' ? [id.toUpperCase()] : [])), ''),
    ],
    flag: [fc.boolean()],
  };
  const candidates = [
    ...(seen.length ? [fc.constantFrom(...seen)] : []),
    ...(more[kind] ?? [fc.string({ unit: 'grapheme' })]),
  ];
  return fc.oneof(...candidates).filter((v) => v !== '' || kind === 'text');
}
function comparison(rows: AccessRows[string], column: Column): fc.Arbitrary<Conditions> {
  const value = valuesOf(rows, column);
  const list = fc.array(column.kind === 'id' ? fc.oneof(value, fc.constant(actorId)) : value, { maxLength: 4 });
  const one = column.kind === 'id' ? fc.oneof(value, fc.constant(actorId)) : value;
  const nullable = fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: fc.constant(null) });
  const operators = [
    fc.record({ $eq: nullable }),
    fc.record({ $ne: nullable }),
    fc.record({ $in: list }),
    fc.record({ $nin: list }),
    ...(ordered.has(column.kind)
      ? [fc.record({ $gt: value }), fc.record({ $lte: value }), fc.record({ $gte: value, $lt: value })]
      : []),
  ];
  return fc.oneof(nullable, ...operators).map((c) => ({ [column.name]: c }));
}
/** Conditions that `problemsOf` accepts, over every column that can be compared. */
export function randomConditions(rows: AccessRows, subject: string): fc.Arbitrary<Conditions> {
  const columns = [...resourceOfSubject(subject)!.columns.values()].filter(
    (c) => !c.list && c.kind !== 'json' && c.name !== 'search',
  );
  return fc.letrec<{ all: Conditions; leaf: Conditions }>((tie) => ({
    leaf: fc.oneof(...columns.map((c) => comparison(rows[subject], c))),
    all: fc.oneof(
      { maxDepth: 3, depthSize: 'medium' },
      { weight: 6, arbitrary: tie('leaf') },
      { weight: 1, arbitrary: fc.constant({}) },
      {
        weight: 2,
        arbitrary: fc
          .array(tie('leaf'), { minLength: 1, maxLength: 3 })
          .map((c) => Object.assign({}, ...c) as Conditions),
      },
      ...['$and', '$or', '$nor'].map((junction) => ({
        weight: 2,
        arbitrary: fc.array(tie('all'), { minLength: 1, maxLength: 3 }).map((c) => ({ [junction]: c })),
      })),
    ),
  })).all;
}
function rule(rows: AccessRows, subject: string): fc.Arbitrary<Rule> {
  const restrictable = resourceOfSubject(subject)!
    .restrictable()
    .map((f) => f.name);
  const own = fc.record(
    {
      action: fc.constantFrom<Rule['action'][]>('read', 'read', 'manage', [actionsOf(subject)[0], 'read']),
      subject: fc.constant(subject),
      conditions: randomConditions(rows, subject),
      inverted: fc.boolean(),
      ...(restrictable.length && { fields: fc.subarray(restrictable, { minLength: 1 }) }),
    },
    { requiredKeys: ['action', 'subject'] },
  );
  const every = fc.record({
    action: fc.constantFrom('read', 'manage'),
    subject: fc.constant('all'),
    inverted: fc.boolean(),
  });
  return fc.oneof({ weight: 12, arbitrary: own }, { weight: 1, arbitrary: every });
}
/** What admins may have stored: some roles with some rules each, all about one subject. */
export const randomRoles = (rows: AccessRows): fc.Arbitrary<{ subject: string; roles: Rule[][] }> =>
  fc
    .constantFrom(...subjects)
    .chain((subject) =>
      fc
        .array(fc.array(rule(rows, subject), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
        .map((roles) => ({ subject, roles })),
    );
