import 'reflect-metadata';
import type { MikroORM } from '@mikro-orm/core';
import { FieldCondition } from '@ucast/core';
import { describe, expect, it } from 'vitest';
import { createContext, runInContext } from '#libs/context/request-context.js';
import { Id, Text, View } from '#libs/contract/fields.js';
import type { Access } from './access.js';
import { compile } from './compiler.js';
import { Reads } from './reads.js';
import { resource, type Definition, type Resource } from './resource.js';
import { selectionOf } from './selection.js';
import type { Statements } from './statements.js';

const text = { description: 'A text.' };
@View('SpecLetter', 'A letter.')
class LetterView {
  @Id({ description: 'Id.' })
  id!: string;

  @Text(text)
  name!: string;

  @Text({ ...text, restrictable: true })
  secret?: string;

  @Text(text)
  greeting!: string;

  @Text({ ...text, restrictable: true })
  whisper?: string;
}
class Letter {}
const column = (name: string, more: object = {}) => ({
  name,
  fieldNames: [name],
  type: 'text',
  runtimeType: 'string',
  ...more,
});
const props = ['id', 'name', 'secret', 'ownerId']
  .map((name) => column(name))
  .concat(column('heir', { nullable: true }));
const orm = { getMetadata: () => ({ get: () => ({ tableName: 'letters', props }) }) } as unknown as MikroORM;

let made = 0;
const greet = { from: ['name'], value: ([name]: readonly string[], locale: string) => `${locale}: hello ${name}` };
const letters = (more: Partial<Definition<LetterView>> = {}): Resource => {
  const name = `specLetter${++made}`;
  const computed = { greeting: greet, whisper: greet };
  return resource({ name, plural: `${name}s`, view: LetterView, entity: Letter, computed, ...more });
};
const problems = (more: Partial<Definition<LetterView>>) =>
  letters(more)
    .bind(orm)
    .map((p) => p.replace(/^\w+[.:] ?/, ''));

describe('a definition does not fit', () => {
  it('unless its computed fields are made of columns', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ computed: { whisper: greet, greeting: { ...greet, from: ['name', 'age'] } } })).toEqual([
      'greeting: it is made of age, which the entity has not',
    ]);
  });
  it('when a computed field would tell what rights may hide', () => {
    expect(problems({ computed: { whisper: greet, greeting: { ...greet, from: ['secret'] } } })).toEqual([
      'greeting: it is made of secret, which rights may hide, and would tell it',
    ]);
  });
  it('when a list is filtered or sorted by what no column holds', () => {
    expect(problems({ filters: { greeting: ['eq'] }, sorts: ['greeting'] })).toEqual([
      'the entity has no column greeting',
      'the entity has no column greeting',
    ]);
  });
  it.each(['heir', 'nobody'])('when nobody need own a personal row: %s', (personal) => {
    expect(problems({ personal })).toEqual([`personal rows need a column ${personal} that is never null`]);
  });
});

it('a reference that the view does not show is an id', () => {
  const of = letters();
  const author = column('authorId', { type: 'User', columnTypes: ['uuid'] });
  of.bind({ getMetadata: () => ({ get: () => ({ tableName: 'letters', props: [...props, author] }) }) } as never);
  expect(of.column('authorId').kind).toBe('id');
});

const rights = (fields: ReadonlyMap<string, any>) => ({ id: 1, key: '', everything: true, rows: {} as never, fields });
const read = (of: Resource, fields: string[], visible: ReadonlyMap<string, any> = new Map()) => {
  const access: Access = { rights: () => rights(visible), value: (v) => v };
  return { resource: of, selection: selectionOf(of, fields), access, rights: () => rights(visible) };
};

describe('computed fields', () => {
  it('read each column once, whatever is made of it', () => {
    const of = letters();
    of.bind(orm);
    const { text: sql } = compile(read(of, ['id', 'name', 'greeting']));
    expect(sql).toMatch(/^SELECT t0\."id", t0\."name" FROM/);
  });
  it('speak the language of the request', async () => {
    const of = letters();
    of.bind(orm);
    const statements = { run: async () => [['1', 'Ada']] } as unknown as Statements;
    const ask = () => new Reads(statements).page(read(of, ['id', 'greeting']));
    const german = createContext('test', { 'accept-language': 'de' });
    expect((await runInContext(german, ask)).items).toEqual([{ id: '1', greeting: 'de: hello Ada' }]);
    expect((await ask()).items).toEqual([{ id: '1', greeting: 'en: hello Ada' }]);
  });
  it('are hidden like others: never read where they may not be, and only in rows where they may', async () => {
    const of = letters();
    of.bind(orm);
    expect(compile(read(of, ['id', 'whisper'])).text).not.toContain('name');
    const lowered = { key: 'k', values: ['x'], condition: new FieldCondition('eq', 'ownerId', 'x') };
    const call = read(of, ['id', 'whisper'], new Map([['whisper', lowered]]));
    expect(compile(call).text).toContain('CASE WHEN t0."ownerId" = $1 THEN t0."name" END');
    const statements = {
      run: async () => [
        ['1', 'Ada', true],
        ['2', null, false],
      ],
    } as unknown as Statements;
    const { items } = await new Reads(statements).page(call);
    expect(items).toEqual([{ id: '1', whisper: 'en: hello Ada' }, { id: '2' }]);
  });
});
