import fc from 'fast-check';
import type { Schema } from '#libs/http/docs/openapi-document.js';

/** In every text that is made up here, so that it can be recognized wherever it should not turn up. */
export const marker = 'zq7x';

/** How `$ref`s are looked up, and ids that exist, for a field or parameter of this name. */
export interface Vocabulary {
  readonly schemaOf: (ref: string) => Schema;
  readonly idsFor: (name: string) => readonly string[];
}

// ---- What a schema allows ----------------------------------------------------------------------------------------

/** Values that a schema allows. `name` is that of the field or parameter. */
export function valid(schema: Schema, words: Vocabulary, name = ''): fc.Arbitrary<unknown> {
  if (typeof schema.$ref === 'string') return valid(words.schemaOf(schema.$ref), words, name);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  const choices = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => valid(choice, words, name)));
  if (Array.isArray(schema.type))
    return fc.oneof(...(schema.type as string[]).map((type) => valid({ ...schema, type }, words, name)));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return number(schema);
    case 'array':
      return list(schema, words, name);
    case 'object':
      return object(schema, words);
    case 'string':
      return text(schema, words, name);
    default:
      throw new Error(`no values are known for ${JSON.stringify(schema)}`);
  }
}
function number({ minimum = -2147483648, maximum = 2147483647 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [minimum as number, maximum as number];
  const within = (...values: number[]) => values.filter((value) => value >= min && value <= max);
  return fc.oneof(fc.constantFrom(...within(min, max, 0, 1, 2)), fc.integer({ min, max: Math.min(max, min + 1000) }));
}
function list(schema: Schema, words: Vocabulary, name: string): fc.Arbitrary<unknown[]> {
  const items = schema.items as Schema;
  const bounds = {
    minLength: (schema.minItems as number | undefined) ?? 0,
    maxLength: Math.min((schema.maxItems as number | undefined) ?? 5, 5),
  };
  const of = items.$ref === undefined ? items : words.schemaOf(items.$ref as string);
  // Rows of an input name something each, and the same thing twice is a mistake that no schema can describe.
  const key = Object.entries((of.properties as Record<string, Schema> | undefined) ?? {}).find(
    ([, property]) => property.format === 'uuid',
  )?.[0];
  if (key !== undefined)
    return fc.uniqueArray(valid(items, words, name) as fc.Arbitrary<Record<string, string>>, {
      ...bounds,
      selector: (row) => row[key].toLowerCase(),
    });
  return schema.uniqueItems === true
    ? fc.uniqueArray(valid(items, words, name), bounds)
    : fc.array(valid(items, words, name), bounds);
}
const plainJson = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/).filter((key) => key !== 'constructor'),
  fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constant(`${marker} text`), fc.constant([1, 'two', {}])),
  { maxKeys: 5 },
);
function object(schema: Schema, words: Vocabulary): fc.Arbitrary<object> {
  const properties = schema.properties as Record<string, Schema> | undefined;
  if (!properties) return plainJson;
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, valid(property, words, name)]),
  );
  return fc.record(fields, { requiredKeys: (schema.required as string[] | undefined) ?? [], noNullPrototype: true });
}
const uuid = fc.uuid().map(String);
/** Texts at the limits of their length: of one unit, of two units (an astral character) and short ones. */
function text(schema: Schema, words: Vocabulary, name: string): fc.Arbitrary<string> {
  if (schema.format === 'uuid') return oneOfIds(words.idsFor(name));
  if (schema.format === 'date-time')
    return fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map(instant);
  if (schema.format === 'email') return fc.stringMatching(/^[a-z]{1,12}$/).map((local) => `${local}@tandem.example`);
  const min = (schema.minLength as number | undefined) ?? 0;
  const max = (schema.maxLength as number | undefined) ?? 200;
  const { pattern } = schema as { pattern?: string };
  const matches = pattern === undefined ? () => true : matcher(pattern);
  const free = ['a', '😀', ' ', '"', '\\', "'", '%', '_'].filter((one) => matches(one.repeat(max)));
  // A pattern that takes anything but some characters.
  if (pattern === undefined || free.length > 3)
    return fc.oneof(
      fc.constantFrom(...free.flatMap((one) => [one.repeat(max), one.repeat(Math.max(min, 1))])),
      fc
        .string({ unit: 'grapheme', minLength: min, maxLength: Math.min(max, 30) })
        .map((made) => (lengthOf(marker + made) > max ? made : marker + made))
        .filter((made) => matches(made) && lengthOf(made) >= min && lengthOf(made) <= max),
    );
  const ids = /\[0-9a-fA-F\]\{8\}/.test(pattern) ? words.idsFor(name.replace(/\[.*/, '')) : [];
  if (ids.length > 0) return fc.array(fc.constantFrom(...ids), { minLength: 1, maxLength: 3 }).map(String);
  return fc.stringMatching(new RegExp(pattern, 'u')).filter((made) => lengthOf(made) >= min && lengthOf(made) <= max);
}
const lengthOf = (text: string) => Array.from(text).length;
const instant = (date: Date): string => date.toISOString();
const oneOfIds = (ids: readonly string[]) =>
  ids.length === 0 ? uuid : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: uuid });
const matchers = new Map<string, RegExp>();
function matcher(pattern: string): (value: string) => boolean {
  let known = matchers.get(pattern);
  if (!known) matchers.set(pattern, (known = new RegExp(pattern, 'u')));
  return (value) => known.test(value);
}

// ---- What nobody should send -------------------------------------------------------------------------------------

const aUuid = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
const strangeTexts = [
  '',
  ' ',
  `${marker}\u0000`,
  `${marker}\u0001\u0007\u001b[31m`,
  `${marker}\r\nX-Injected: 1`,
  `\ud800${marker}`,
  `${marker}\udfff\udfff`,
  `\u202e${marker}\u2066`,
  `\ufeff${marker}`,
  `${marker}'; drop table users; --`,
  `${marker}' or '1'='1`,
  `${marker}") or ("1"="1`,
  `${marker}$1`,
  `${marker}%_\\`,
  `${marker}\${7*7}{{7*7}}<%= 7*7 %>`,
  `<script>${marker}</script>`,
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  '[object Object]',
  '-1',
  '00',
  '0x10',
  '1e3',
  '1e999',
  '9007199254740993',
  '99999999999999999999999999',
  '2026-02-31T00:00:00Z',
  '0000-00-00T00:00:00Z',
  '2026-01-01',
  '+275760-09-13T00:00:00Z',
  '2026-12-31T23:59:60Z',
  '2026-01-01T00:00:00.1234567890123Z',
  `${aUuid}\n`,
  `{${aUuid}}`,
  `urn:uuid:${aUuid}`,
  aUuid.replaceAll('-', ''),
  aUuid.toUpperCase(),
  'x'.repeat(5000),
  '😀'.repeat(600),
  'e\u0301'.repeat(300),
  ','.repeat(150),
  `${aUuid},`.repeat(101),
  '%00',
  '../../../etc/passwd',
  'http://127.0.0.1:1/',
];
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...strangeTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((made) => marker + made) },
);
const hostileNumber = fc.constantFrom(
  -1,
  0,
  -0,
  1.5,
  1e-7,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  1e21,
  1e308,
  -1e308,
  987_654_321_123,
);
const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = marker;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
};
const withKey = (key: string, value: unknown): object => Object.defineProperty({}, key, { value, enumerable: true });
const strangeTrees: readonly unknown[] = [
  {},
  [],
  [[]],
  [null],
  { '': marker },
  nested(12, (inner) => [inner]),
  nested(12, (inner) => ({ a: inner })),
  nested(40, (inner) => [inner]),
  nested(400, (inner) => ({ a: inner })),
  withKey('__proto__', { isAdmin: true, roles: ['admin'] }),
  { constructor: { prototype: { isAdmin: true } } },
  { toString: marker, valueOf: null },
  { $gt: '', $where: marker },
  { length: 5 },
  Array.from({ length: 1500 }, (_, i) => i),
  Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`k${i}`, i])),
];
/** Any JSON value that has no business anywhere; each is one that broke something somewhere. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 2, arbitrary: hostileNumber },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 3, arbitrary: fc.constantFrom(...strangeTrees) },
);
const strangeKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'ID',
  'version',
  'deletedAt',
  '',
  `${marker}\u0000`,
];

/** The value with one thing in it changed: replaced, left out, added, or wrapped. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(value);
  return fc.constantFrom(...places).chain((place) => {
    const there = at(value, place);
    const replace = hostileJson.map((other) => put(value, place, other));
    const ways: fc.Arbitrary<unknown>[] = [replace, fc.constant(put(value, place, [there]))];
    if (place.length > 0) ways.push(fc.constant(put(value, place, undefined)));
    if (isObject(there))
      ways.push(
        fc
          .tuple(fc.constantFrom(...strangeKeys), hostileJson)
          .map(([key, other]) => put(value, place, Object.assign(withKey(key, other), there))),
      );
    if (Array.isArray(there) && there.length > 0)
      ways.push(fc.constant(put(value, place, [...(there as unknown[]), there[0]])));
    return fc.oneof(...ways);
  });
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
type Place = readonly (string | number)[];
function placesOf(value: unknown, here: Place = []): Place[] {
  const below = Array.isArray(value)
    ? (value as unknown[]).slice(0, 3).flatMap((inner, i) => placesOf(inner, [...here, i]))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...here, key]))
      : [];
  return [here, ...below];
}
const at = (value: unknown, place: Place): unknown =>
  place.reduce((inner, key) => (inner as Record<string | number, unknown>)[key], value);
/** A copy with another value there; undefined takes it out. */
function put(value: unknown, place: Place, other: unknown): unknown {
  if (place.length === 0) return other;
  const [key, ...rest] = place;
  if (Array.isArray(value)) {
    const inner = put((value as unknown[])[key as number], rest, other);
    return value.flatMap((old: unknown, i) =>
      i !== key ? [old] : rest.length === 0 && other === undefined ? [] : [inner],
    );
  }
  const entries = Object.entries(value as object).flatMap(([name, old]: [string, unknown]): [string, unknown][] =>
    name !== key ? [[name, old]] : rest.length === 0 && other === undefined ? [] : [[name, put(old, rest, other)]],
  );
  return Object.fromEntries(entries);
}
