import fc from 'fast-check';

/** A published schema, as far as it is read here. */
export interface Schema {
  readonly type?: string | string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: string[];
  readonly items?: Schema;
  readonly enum?: unknown[];
  readonly examples?: unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly 'x-messages'?: Record<string, { code: string }>;
}
type Value = unknown;

/** A number as it stands in JSON text: too large, too exact or written in another way than JavaScript does. */
const raw = (number: string) => `raw:${number}`;
export const jsonOf = (body: Value): string =>
  JSON.stringify(body).replaceAll(/"raw:(-?[0-9.]+(?:[eE][+-]?[0-9]+)?)"/g, '$1');

const typeOf = (schema: Schema) => [schema.type].flat().find((type) => type !== 'null');
const isNullable = (schema: Schema) => [schema.type].flat().includes('null');

/** The body of the schema's own examples: valid, with every field. */
export function exampleOf(schema: Schema): Value {
  if (schema.properties)
    return Object.fromEntries(Object.entries(schema.properties).map(([name, s]) => [name, exampleOf(s)]));
  if (schema.items?.properties) return [exampleOf(schema.items)];
  return schema.examples?.[0];
}

// ---- One rule broken at a time ---------------------------------------------------------------------------------

export interface Broken {
  /** `lines.0.quantity minimum` */
  readonly rule: string;
  readonly field: string;
  readonly code: string;
  readonly body: Value;
}
const wrongType: Readonly<Record<string, Value>> = {
  string: 7,
  integer: 1.5,
  boolean: 'true',
  array: {},
  object: [],
};
const repeated = (n: number, one: Value) => Array.from({ length: n }, () => one);
/** A value that breaks the keyword, made from a valid one. */
const breaks: Readonly<Record<string, (schema: Schema, valid: never) => Value>> = {
  type: (schema) => wrongType[typeOf(schema)!],
  null: () => null,
  enum: () => 'NONE_OF_THEM',
  pattern: () => '\u0000',
  format: () => 'no\u0000ne',
  minLength: ({ minLength }) => 'a'.repeat(minLength! - 1),
  maxLength: ({ maxLength }) => 'a'.repeat(maxLength! + 1),
  minimum: ({ minimum }) => minimum! - 1,
  maximum: ({ maximum }) => maximum! + 1,
  minItems: ({ minItems }, valid: Value[]) => repeated(minItems! - 1, valid[0]),
  maxItems: ({ maxItems }, valid: Value[]) => repeated(maxItems! + 1, valid[0]),
  // An example may be empty; what is in lists of such are texts.
  uniqueItems: (_, [first = 'a']: Value[]) => [first, first],
  maxProperties: ({ maxProperties }) =>
    Object.fromEntries(repeated(maxProperties! + 1, 0).map((zero, i) => [`n${i}`, zero])),
  propertyNames: () => ({ 'a\u0000': 1 }),
};
/** Rules of the whole object, each of which names a member. */
const required = (schema: Schema, valid: object) =>
  (schema.required ?? []).map((name): [string, Value] => [name, without(valid, name)]);
const without = (value: object, name: string) =>
  Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));

/** A body for every keyword of the schema that breaks it, at every depth. `x-…` keywords are for what is stored. */
export function brokenBodies(schema: Schema): Broken[] {
  const found: Broken[] = [];
  const visit = (at: Schema, value: Value, path: string[], put: (value: Value) => Value) => {
    const messages = at['x-messages'] ?? {};
    const add = (keyword: string, broken: Value, member: string[] = []) => {
      const field = [...path, ...member].join('.');
      found.push({ rule: `${field} ${keyword}`, field, code: messages[keyword].code, body: put(broken) });
    };
    for (const keyword of Object.keys(messages))
      if (keyword === 'required')
        for (const [name, broken] of required(at, value as object)) add(keyword, broken, [name]);
      else if (keyword === 'additionalProperties') add(keyword, { ...(value as object), surplus: 1 }, ['surplus']);
      else if (!keyword.startsWith('x-')) add(keyword, breaks[keyword](at, value as never));
    for (const [name, property] of Object.entries(at.properties ?? {}))
      visit(property, (value as Record<string, Value>)[name], [...path, name], (inner) =>
        put({ ...(value as object), [name]: inner }),
      );
    if (at.items) visit(at.items, (value as Value[])[0], [...path, '0'], (inner) => put([inner]));
  };
  visit(schema, exampleOf(schema), [], (value) => value);
  return found;
}

// ---- Generated bodies ------------------------------------------------------------------------------------------

const units = ['a', 'Z', '7', '-', '_', ' ', 'é', 'e\u0301', 'ß', 'ع', '日', '😀', '🇩🇪', '\n', '\t'];
const tricky: Readonly<Record<string, readonly string[]>> = {
  'date-time': [
    '2024-02-29T12:00:00Z',
    '2026-02-29T12:00:00Z',
    '2000-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '0000-02-29T00:00:00Z',
    '0004-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2016-12-31T24:00:00Z',
    '2026-01-01 00:00:00Z',
    '2026-01-01t00:00:00z',
    '2026-01-01T00:00:00+0530',
    '2026-01-01T00:00:00+05:30',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00-00:00',
    '2026-01-01T00:00:00.1234567890Z',
    '2026-01-01T00:00:00.123456789Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '+002026-01-01T00:00:00Z',
    '２０２６-01-01T00:00:00Z',
  ],
  uuid: [
    'urn:uuid:0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d',
    '0197F5A0-5A4C-7C3E-9D2B-3F6F5A1B2C3D',
    '{0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d}',
    '0197f5a05a4c7c3e9d2b3f6f5a1b2c3d',
    '00000000-0000-0000-0000-000000000000',
    '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d\n',
    '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3g',
  ],
  email: [
    'ada@tandem.example',
    'Ada+tag@Sub.Tandem.Example',
    'a@b',
    'a..b@c.de',
    '.a@c.de',
    '"a"@c.de',
    'ü@c.de',
    'a@ü.de',
    'a@-c.de',
    'a@c-.de',
    'a@[127.0.0.1]',
    'a@c.de\n',
    'a@c.de.',
    'K@c.de',
  ],
};

/** Text around the bounds and the pattern of the schema. */
function texts(schema: Schema): fc.Arbitrary<Value> {
  const { minLength = 0, maxLength = 100, pattern = '', format = '' } = schema;
  const lengths = [0, 1, minLength - 1, minLength, maxLength - 1, maxLength, maxLength + 1].filter((n) => n >= 0);
  const bounds = fc
    .tuple(fc.constantFrom(...units), fc.constantFrom(...lengths))
    .map(([unit, n]) => Array.from(unit.repeat(n)).slice(0, n).join(''));
  const any = fc.array(fc.constantFrom(...units), { maxLength: 12 }).map((parts) => parts.join(''));
  // The complement of half of Unicode is nothing that a generator finds its way through.
  const fitting = pattern.includes('\\uD800') ? any : fc.stringMatching(new RegExp(pattern), { size: 'small' });
  const spoiled = fc
    .tuple(fitting, fc.nat(), fc.constantFrom('\n', ' ', '\u0000', '\ud800', '\udc00x', '😀', '-', '\u007f', 'É'))
    .map(([text, at, more]) => text.slice(0, at % (text.length + 1)) + more + text.slice(at % (text.length + 1)));
  return fc.oneof(
    { weight: 5, arbitrary: fitting },
    { weight: 3, arbitrary: bounds },
    { weight: 1, arbitrary: spoiled },
    ...(tricky[format] ? [{ weight: 4, arbitrary: fc.constantFrom(...tricky[format]) }] : []),
  );
}
function integers({ minimum = 0, maximum = 0 }: Schema): fc.Arbitrary<Value> {
  const edges = [minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1, 0, -1, 1.5, 0.1, -0.5];
  const written = ['1e400', '-1e400', '1.0', '1e2', '12345678901234567890', '-0', '1.0000000000000000001', '5e-324'];
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: minimum, max: maximum }) },
    { weight: 3, arbitrary: fc.constantFrom<Value>(...edges) },
    { weight: 1, arbitrary: fc.constantFrom(...written.map(raw)) },
  );
}
/** What JSON holds, with texts that PostgreSQL does not; without names that no body may have. */
const json = fc
  .jsonValue({ maxDepth: 2, stringUnit: 'binary' })
  .filter((value) => !/"(__proto__|constructor)"/.test(JSON.stringify(value)));
function objects(schema: Schema): fc.Arbitrary<Value> {
  const names = fc.oneof(fc.constantFrom(...units, 'a\u0000', '\ud800'), fc.string({ maxLength: 5 }));
  const { maxProperties = 0 } = schema;
  const many = fc
    .constantFrom(maxProperties - 1, maxProperties, maxProperties + 1)
    .map((n) => Object.fromEntries(repeated(n, 1).map((one, i) => [`n${i}`, one])));
  return fc.oneof(
    { weight: 6, arbitrary: fc.dictionary(names, json, { maxKeys: 4, noNullPrototype: true }) },
    { weight: 1, arbitrary: many },
  );
}
/** Values that mostly fit the schema, and often only just or just not. */
function values(schema: Schema): fc.Arbitrary<Value> {
  const value = ((): fc.Arbitrary<Value> => {
    if (schema.enum) return fc.constantFrom(...schema.enum);
    switch (typeOf(schema)) {
      case 'string':
        return texts(schema);
      case 'integer':
        return integers(schema);
      case 'boolean':
        return fc.boolean();
      case 'array': {
        const { minItems = 0, maxItems = 0 } = schema;
        const one = values(schema.items!);
        const full = fc.tuple(one, fc.constantFrom(minItems, maxItems, maxItems + 1)).map(([v, n]) => repeated(n, v));
        return fc.oneof(
          { weight: 5, arbitrary: fc.array(one, { minLength: minItems, maxLength: Math.min(maxItems, minItems + 3) }) },
          { weight: 1, arbitrary: full },
        );
      }
      default:
        if (!schema.properties) return objects(schema);
        return fc.record(
          Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, values(property)])),
          { requiredKeys: schema.required ?? [], noNullPrototype: true },
        );
    }
  })();
  return isNullable(schema)
    ? fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
    : value;
}

const junk: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    null,
    true,
    0,
    -1,
    1.5,
    '',
    'x',
    'true',
    '1',
    [],
    {},
    [null],
    [[]],
    { a: {} },
    '\u0000',
    '\ud800',
  ),
  fc.constantFrom(raw('1e400'), raw('1.0'), raw('99999999999999999999')),
  json,
);
type Path = (string | number)[];
function pathsOf(value: Value, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members = Array.isArray(value) ? value.map((v, i): [number, Value] => [i, v]) : Object.entries(value);
  return [path, ...members.slice(0, 20).flatMap(([key, v]) => pathsOf(v, [...path, key]))];
}
function changeAt(value: Value, [key, ...rest]: Path, change: (value: Value) => Value): Value {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((v, i) => (i === key ? changeAt(v, rest, change) : v));
  return Object.fromEntries(
    Object.entries(value as object).map(([k, v]) => [k, k === key ? changeAt(v, rest, change) : v]),
  );
}
const isPlainObject = (value: Value): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** One thing about a body is made otherwise: replaced, left out or added. */
const changes = fc.oneof<fc.Arbitrary<(value: Value) => Value>[]>(
  junk.map((other) => () => other),
  fc.nat().map((n) => (value: Value) => {
    const names = isPlainObject(value) ? Object.keys(value) : [];
    return names.length > 0 ? without(value as object, names[n % names.length]) : undefined;
  }),
  fc.tuple(fc.constantFrom('surplus', 'toString', 'a.b', 'a/b', '~', ''), junk).map(
    ([name, other]) =>
      (value: Value) =>
        isPlainObject(value) ? { ...value, [name]: other } : [value],
  ),
);
const changed = (bodies: fc.Arbitrary<Value>) =>
  fc.tuple(bodies, fc.nat(), changes).map(([body, at, change]) => {
    const paths = pathsOf(body);
    return changeAt(body, paths[at % paths.length], change);
  });

/** Bodies for an input: half of them what it asks for, or nearly; the others with one or two things made otherwise. */
export function bodiesFor(schema: Schema): fc.Arbitrary<Value> {
  const fitting = fc.oneof(
    { weight: 2, arbitrary: values(schema) },
    { weight: 1, arbitrary: fc.constant(exampleOf(schema)) },
  );
  return fc
    .oneof(
      { weight: 4, arbitrary: fitting },
      { weight: 3, arbitrary: changed(fitting) },
      { weight: 1, arbitrary: changed(changed(fitting)) },
    )
    .filter((body) => body !== undefined && !/"(__proto__|constructor)":/.test(JSON.stringify(body)));
}
