import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '#libs/config/config.js';
import { collectSafelist, SafelistProblems, type SourceFile } from './collect-safelist.js';
import { sha256 } from './persisted-queries.js';
import { normalForm, readSafelist, Safelist } from './safelist.js';

const schema = buildSchema(`
  type Query { order(id: ID!): Order orders(first: Int): [Order!]! }
  type Mutation { cancel(id: ID!): Order }
  type Order { id: ID! note: String lines: [Line!]! }
  type Line { sku: String }
`);
const files = (texts: Record<string, string>): SourceFile[] =>
  Object.entries(texts).map(([name, text]) => ({ name, text }));
const problemsOf = (texts: Record<string, string>): readonly string[] => {
  try {
    collectSafelist(schema, files(texts));
  } catch (error) {
    if (error instanceof SafelistProblems) return error.problems;
    throw error;
  }
  return [];
};
const good = {
  'orders.graphql': `# Both are used by the app.
    query Orders { orders(first: 3) { ...Row } }
    mutation Cancel($id: ID!) { cancel(id: $id) { ...Row note } }`,
  'fragments/row.gql': 'fragment Row on Order { id lines { ...Sku } }',
  'fragments/sku.gql': 'fragment Sku on Line { sku } fragment Unused on Line { sku }',
};

describe('collecting', () => {
  it('gives every operation with the fragments that it uses, wherever they stand', () => {
    const { format, version, operations } = collectSafelist(schema, files(good));
    expect([format, version]).toEqual(['apollo-persisted-query-manifest', 1]);
    expect(operations.map(({ name, type }) => [name, type])).toEqual([
      ['Cancel', 'mutation'],
      ['Orders', 'query'],
    ]);
    for (const { id, body } of operations) {
      expect(id).toBe(sha256(body));
      expect(body).toContain('fragment Row on Order');
      expect(body).toContain('fragment Sku on Line');
      expect(body).not.toContain('Unused');
      expect(body).not.toContain('__typename');
    }
  });
  it('adds __typename to all selections but the first, when asked to', () => {
    const [{ id, body }] = collectSafelist(schema, files({ a: 'query A { order(id: 1) { id ... { note } } }' }), {
      typename: true,
    }).operations;
    expect(body.replaceAll(/\s+/g, ' ')).toBe('query A { order(id: 1) { id ... { note __typename } __typename } }');
    expect(id).toBe(sha256(body));
  });
  it.each<[string, Record<string, string>, string[]]>([
    ['what does not parse', { a: '{ a {\n  b(' }, ['a:2:5: Syntax Error: Expected Name, found <EOF>.']],
    [
      'a field that is not there',
      { a: 'query A {\n  order(id: 1) { nope }\n}' },
      ['a:2:18: Cannot query field "nope" on type "Order".'],
    ],
    [
      'a fragment of another file that is wrong',
      { ...good, 'fragments/row.gql': 'fragment Row on Order {\n id nope lines { ...Sku } }' },
      ['fragments/row.gql:2:5: Cannot query field "nope" on type "Order".'],
    ],
    [
      'a fragment that nobody uses and that is wrong',
      { ...good, x: 'fragment X on Order { nope }' },
      ['x:1:23: Cannot query field "nope" on type "Order".'],
    ],
    ['a fragment that is nowhere', { a: 'query A { orders { ...Nowhere } }' }, ['a:1:23: Unknown fragment "Nowhere".']],
    [
      'an operation without a name',
      { a: '\n{ orders { id } }' },
      ['a:2:1: The operation has no name. Give it one: logs and the list name it.'],
    ],
    [
      'two operations of one name',
      { a: 'query A { orders { id } }', b: 'query A { orders { note } }' },
      ['b:1:1: There is another operation A at a:1:1.'],
    ],
    [
      'a type',
      { a: 'type A { a: Int } query B { orders { id } }' },
      ['a:1:1: Only operations and fragments can be on a safelist.'],
    ],
    ['nothing at all', {}, ['There is no operation in these files. Name a folder with .graphql or .gql files.']],
    [
      'several mistakes at once',
      { a: 'query A { nope }', b: 'query B {', c: '{ orders { id } }' },
      [
        'a:1:11: Cannot query field "nope" on type "Query".',
        'b:1:10: Syntax Error: Expected Name, found <EOF>.',
        'c:1:1: The operation has no name. Give it one: logs and the list name it.',
      ],
    ],
  ])('says where %s is', (_name, texts, problems) => expect(problemsOf(texts)).toEqual(problems));
});

describe('a safelist', () => {
  const list = new Safelist(collectSafelist(schema, files(good)).operations);
  const { body } = collectSafelist(schema, files(good)).operations[1];
  it('has documents by their hash and by what they ask', () => {
    expect(list.find(sha256(body))).toBe(body);
    const row = 'fragment Row on Order { id lines { ...Sku } }';
    const sku = 'fragment Sku on Line { sku __typename }';
    for (const text of [
      body,
      `${sku} ${row}\n# a comment\nquery Orders { orders(first: 3) { ...Row, __typename } }`,
      `query Orders { orders(first: 3) { __typename ...Row } __typename } ${row} ${sku}`,
    ])
      for (let i = 0; i < 2; i++) expect(list.has(text), text).toBe(true);
  });
  it.each([
    'query Orders { orders(first: 4) { ...Row } }',
    'query Others { orders(first: 3) { ...Row } }',
    'query Orders { orders(first: 3) { ...Row note } }',
    'query Orders { orders(first: 3) { ...Row t: __typename } }',
    'query Orders { orders(first: 3) @include(if: true) { ...Row } }',
    'query Orders { orders(first: 3) { ...Row } } query More { orders { id } }',
  ])('does not have %s', (operation) => {
    const fragments = body.slice(body.indexOf('fragment'));
    expect(list.has(body)).toBe(true);
    expect(list.has(`${operation} ${fragments}`)).toBe(false);
  });
  it.each(['', '{', 'query Orders', '{ __schema { types { name } } }', '{ __typename }', `{ ${'a '.repeat(3000)} }`])(
    'does not have %s',
    (text) => expect(list.has(text)).toBe(false),
  );
  it('is asked nothing but __typename where a selection has nothing else', () => {
    expect(normalForm(parse('{ __typename }'))).toBe(normalForm(parse('{ __typename }')));
    expect(normalForm(parse('{ a { __typename } }'))).not.toBe(normalForm(parse('{ a { b } }')));
  });
});

describe('a safelist file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'safelist-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (content: unknown) => {
    const file = join(folder, 'list.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readSafelist(file);
  };
  const manifest = collectSafelist(schema, files(good));
  it('is what collecting writes; ids may be any text', () => {
    expect(read(manifest).find(manifest.operations[0].id)).toBe(manifest.operations[0].body);
    const named = { ...manifest, operations: manifest.operations.map((o) => ({ ...o, id: `app/${o.name}` })) };
    expect(read(named).find('app/Cancel')).toBe(manifest.operations[0].body);
    expect(read(named).find(manifest.operations[0].id)).toBe(manifest.operations[0].body);
  });
  const [first] = manifest.operations;
  it.each<[string, unknown, RegExp]>([
    ['text', 'query { a }', /not JSON/],
    ['a list', [], /no apollo-persisted-query-manifest of version 1: at its root/],
    ['another version', { ...manifest, version: 2 }, /at version/],
    ['no operation', { ...manifest, operations: [] }, /without operations/],
    [
      'an operation without a body',
      { ...manifest, operations: [{ ...first, body: undefined }] },
      /operations\[0\]\.body/,
    ],
    [
      'a body that is not GraphQL',
      { ...manifest, operations: [{ ...first, body: '{' }] },
      /operations\[0\]\.body is not GraphQL/,
    ],
    ['a changed body', { ...manifest, operations: [{ ...first, body: '{ a }' }] }, /operations\[0\]\.body was changed/],
  ])('that holds %s is refused with the cure', (_name, content, problem) => {
    expect(() => read(content)).toThrow(ConfigError);
    expect(() => read(content)).toThrow(problem);
    expect(() => read(content)).toThrow(/npm run graphql:safelist/);
  });
  it('that is not there is refused', () => {
    expect(() => readSafelist(join(folder, 'nowhere'))).toThrow(/GRAPHQL_SAFELIST must name a file .*ENOENT/);
  });
});
