import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textProblems } from './check-text.js';
import { allMessages, defineMessages, message, negotiateLocale, translationProblems } from './messages.js';

const root = resolve(import.meta.dirname, '../..');
// Every module with texts of its own says so by its name.
for (const file of globSync('{src,libs}/**/*{errors,detail-codes,messages,texts}.ts', { cwd: root }))
  await import(/* @vite-ignore */ resolve(root, file));

const rows = [...allMessages()];
const inAll = <T>(texts: T) => ({ en: texts, de: texts, es: texts, ar: texts, ja: texts });

describe('the texts', () => {
  it('are complete translations in every language', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(translationProblems(rows)).toEqual([]);
  });
  it('are not left in another language', () => {
    // Clients of persisted queries compare these two texts letter by letter.
    const ofNoLanguage = new Set(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED']);
    const left = rows.filter(
      ([key, { en, de, es, ar, ja }]) =>
        !ofNoLanguage.has(key) &&
        ([de, es, ar, ja].includes(en) ||
          !/\p{Script=Arabic}/u.test(ar) ||
          !/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(ja)),
    );
    expect(left).toEqual([]);
  });
  it('cannot lack a key in one language, nor be defined twice with different words', () => {
    // @ts-expect-error: it does not even compile
    expect(() => defineMessages('a', { ...inAll({ 'a.x': 'x' }), ja: {} })).toThrow('a: message a.x is missing in ja');
    const superfluous = { ...inAll({ 'a.x': 'x' }), ar: { 'a.x': 'x', 'a.z': 'z' } };
    // @ts-expect-error: it does not even compile
    expect(() => defineMessages('a', superfluous)).toThrow(
      'a: message a.z is missing in en\na: message a.z is missing in de\na: message a.z is missing in es',
    );
    defineMessages('a', inAll({ 'a.y': 'y' }));
    expect(() => defineMessages('b', inAll({ 'a.y': 'z' }))).toThrow('b: message a.y is defined twice');
  });
  it('must fit the English ones', () => {
    const things = inAll('{count, plural, one {# thing} other {# things}}');
    expect(
      translationProblems([
        ['a.n', { ...things, es: '{count, plural, one {# cosa} other {# cosas}}' }],
        ['a.m', { ...inAll('{name}'), es: '{nombre}' }],
      ]),
    ).toEqual([
      'message a.n in es {count} has no arm "many"',
      ...['zero', 'two', 'few', 'many'].map((c) => `message a.n in ar {count} has no arm "${c}"`),
      'message a.m in es lacks {name text}',
      'message a.m in es has {nombre text}, which en has not',
    ]);
  });
  it.each([
    ['{a}', 'de', 'a', ['has {a text}, which en has not']],
    ['{a, number}', 'de', '{a}', ['lacks {a text}', 'has {a number}, which en has not']],
    ['{a, plural, other {{b}}}', 'ja', '{a, plural, one {} other {}}', ['has {b text}, which en has not']],
    ['{a, plural, other {#}}', 'ja', '{a, plural, one {#} other {#}}', []],
    ['{a, plural, oen {#} other {#}}', 'ja', '{a, plural, other {#}}', ['{a} has an unknown arm "oen"']],
    ['{a, selectordinal, other {#}}', 'en', '{a, plural, other {#}}', expect.arrayContaining(['lacks {a plural}'])],
    ['{a, select, X {} other {}}', 'es', '{a, select, Y {} other {}}', ['lacks {a select Y|other}', expect.anything()]],
    ['{a', 'de', '{a}', [expect.stringMatching('is no ICU message')]],
    [' ', 'de', 'a', ['is empty']],
  ])('%s in %s for %s: %j', (text, locale, original, problems) => {
    expect(textProblems(text, locale, original, 'en')).toEqual(problems);
  });
  it('are filled in by the rules of their language', () => {
    expect(message('detail.MIN_LENGTH', 'en', { min: 1 })).toBe('This must have at least 1 character.');
    expect(message('detail.MIN_LENGTH', 'en', { min: 1200 })).toBe('This must have at least 1,200 characters.');
    expect(message('detail.MIN_LENGTH', 'de', { min: 1200 })).toBe('Das muss mindestens 1.200 Zeichen haben.');
    expect(message('detail.MAX', 'es', { max: 12000 })).toBe('Debe ser como máximo 12.000.');
    expect(message('detail.MAX_LENGTH', 'ja', { max: 1200 })).toBe('1,200 文字以内でなければなりません。');
  });
  it('count in Arabic with the digits 0-9', () => {
    const lengths = [0, 1, 2, 3, 11, 100, 1200].map((max) => message('detail.MAX_LENGTH', 'ar', { max }));
    expect(lengths.map((text) => text.replace('يجب ألا يزيد الطول على ', ''))).toEqual([
      '0 حرف.',
      'حرف واحد.',
      'حرفين.',
      '3 أحرف.',
      '11 حرفًا.',
      '100 حرف.',
      '1,200 حرف.',
    ]);
  });
});

describe('negotiateLocale', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-CH', 'de'],
    ['DE', 'de'],
    ['es-MX', 'es'],
    ['es-419,es;q=0.9', 'es'],
    ['ar-EG', 'ar'],
    ['ar-Arab-SA', 'ar'],
    ['ja-JP', 'ja'],
    ['ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7', 'ja'],
    ['zh', 'en'],
    ['zh-Hant-TW, zh;q=0.9', 'en'],
    ['zh-CN,zh;q=0.9,ja;q=0.3', 'ja'],
    ['jav', 'en'],
    ['fr', 'en'],
    ['fr;q=0.9, de;q=0.5', 'de'],
    ['en;q=0.1, de;q=0.2', 'de'],
    ['en;q=0.1, ar-EG;q=0.2, es;q=0.15', 'ar'],
    ['de ; q=0.5, es;Q=0.6', 'es'],
    ['de;q=0', 'en'],
    ['de, en', 'de'],
    ['*', 'en'],
    ['fr, *;q=0.5', 'en'],
    ['en;q=0, *', 'de'],
    ['*, ja;q=0.5', 'en'],
    [';;;,,,q=', 'en'],
    ['x'.repeat(10_000), 'en'],
  ])('%s → %s', (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
});
