import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { allMessages, defaultLocale, defineMessages, locales, message, negotiateLocale } from './messages.js';

const root = resolve(import.meta.dirname, '../..');
// Every module with texts of its own says so by its name.
for (const file of globSync('{src,libs}/**/*{errors,detail-codes,messages,texts}.ts', { cwd: root }))
  await import(/* @vite-ignore */ resolve(root, file));

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
/** Names of the placeholders of a text with their ICU types, at every depth. */
function placeholders(elements: Element[]): string[] {
  const LITERAL = 0;
  const POUND = 7;
  return elements.flatMap((element) => {
    if (element.type === LITERAL || element.type === POUND) return [];
    const inner =
      'options' in element ? Object.values(element.options).flatMap((option) => placeholders(option.value)) : [];
    return [`${element.value} ${element.type}`, ...inner];
  });
}
const placeholdersOf = (text: string, locale: string) => [
  ...new Set(placeholders(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst()).sort()),
];

describe('the texts', () => {
  it('exist in every language, with the same placeholders', () => {
    expect(allMessages().size).toBeGreaterThan(40);
    for (const [key, row] of allMessages()) {
      for (const locale of locales) {
        expect(row[locale], `${key} in ${locale}`).toMatch(/\S/);
        expect(placeholdersOf(row[locale], locale), `placeholders of ${key} in ${locale}`).toEqual(
          placeholdersOf(row[defaultLocale], defaultLocale),
        );
      }
    }
  });
  it('notice a placeholder that only one language has', () => {
    expect(placeholdersOf('{a} {n, plural, one {{b}} other {#}}', 'en')).toEqual(['a 1', 'b 1', 'n 6']);
  });
  it('cannot be defined for one language only, nor twice with different words', () => {
    // @ts-expect-error: it does not even compile
    expect(() => defineMessages('a', { en: { 'a.x': 'x' }, de: {} })).toThrow('a.x is missing in de');
    defineMessages('a', { en: { 'a.y': 'y' }, de: { 'a.y': 'y' } });
    expect(() => defineMessages('b', { en: { 'a.y': 'z' }, de: { 'a.y': 'z' } })).toThrow('defined twice');
  });
  it('are filled in by the rules of their language', () => {
    expect(message('detail.MIN_LENGTH', 'en', { min: 1 })).toBe('This must have at least 1 character.');
    expect(message('detail.MIN_LENGTH', 'en', { min: 1200 })).toBe('This must have at least 1,200 characters.');
    expect(message('detail.MIN_LENGTH', 'de', { min: 1200 })).toBe('Das muss mindestens 1.200 Zeichen haben.');
  });
});

describe('negotiateLocale', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-CH', 'de'],
    ['DE', 'de'],
    ['fr', 'en'],
    ['fr;q=0.9, de;q=0.5', 'de'],
    ['en;q=0.1, de;q=0.2', 'de'],
    ['de;q=0', 'en'],
    ['de, en', 'de'],
    ['*', 'en'],
    [';;;,,,q=', 'en'],
    ['x'.repeat(10_000), 'en'],
  ])('%s → %s', (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
});
