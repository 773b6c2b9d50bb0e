import { IntlMessageFormat } from 'intl-messageformat';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Kinds of elements of `@formatjs/icu-messageformat-parser`. */
const LITERAL = 0;
const SELECT = 5;
const PLURAL = 6;
const POUND = 7;
const kinds = ['', 'text', 'number', 'date', 'time', 'select', 'plural'];
const pluralCategories = new Set<string>(['zero', 'one', 'two', 'few', 'many', 'other']);

export const parseText = (text: string, locale: string): IntlMessageFormat =>
  new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });

/** Everything of `elements` that is filled in, at every depth. */
const placeholders = (elements: Element[]): Exclude<Element, { type: 0 | 7 | 8 }>[] =>
  elements.flatMap((element) => {
    if (element.type === LITERAL || element.type === POUND || element.type === 8) return [];
    const inner = 'options' in element ? Object.values(element.options).flatMap((arm) => placeholders(arm.value)) : [];
    return [element, ...inner];
  });

/** `min plural`, `status select DRAFT|PLACED|other`: what every translation of a text must agree in. */
function signature(element: ReturnType<typeof placeholders>[number]): string {
  const kind = `${element.value} ${kinds[element.type]}`;
  if (element.type === SELECT) return `${kind} ${Object.keys(element.options).sort().join('|')}`;
  return element.type === PLURAL && element.pluralType === 'ordinal' ? `${kind} of order` : kind;
}
const signatures = (elements: Element[]): Set<string> => new Set(placeholders(elements).map(signature));

/** What the plurals of a text lack: each has an arm for every category that its language knows (CLDR), and no other. */
function pluralProblems(elements: Element[], locale: string): string[] {
  return placeholders(elements).flatMap((element) => {
    if (element.type !== PLURAL) return [];
    const arms = Object.keys(element.options);
    const categories = new Intl.PluralRules(locale, { type: element.pluralType }).resolvedOptions().pluralCategories;
    return [
      ...categories.filter((category) => !arms.includes(category)).map((c) => `{${element.value}} has no arm "${c}"`),
      ...arms
        .filter((arm) => !pluralCategories.has(arm) && !/^=\d+$/.test(arm))
        .map((arm) => `{${element.value}} has an unknown arm "${arm}"`),
    ];
  });
}

const isPlain = (text: string) => !/[{}]/.test(text);

/** What is wrong with the translation `text` of `original`; empty when nothing is. */
export function textProblems(text: string, locale: string, original: string, originalLocale: string): string[] {
  if (text.trim() === '') return ['is empty'];
  if (isPlain(text) && isPlain(original)) return [];
  try {
    const elements = parseText(text, locale).getAst();
    const found = signatures(elements);
    const wanted = signatures(parseText(original, originalLocale).getAst());
    return [
      ...[...wanted].filter((one) => !found.has(one)).map((one) => `lacks {${one}}`),
      ...[...found].filter((one) => !wanted.has(one)).map((one) => `has {${one}}, which ${originalLocale} has not`),
      ...pluralProblems(elements, locale),
    ];
  } catch (error) {
    return [`is no ICU message: ${(error as Error).message}`];
  }
}
