import type { IntlMessageFormat } from 'intl-messageformat';
import { parseText, textProblems } from '#libs/messages/check-text.js';

/** Languages that every message exists in; the first one answers when a client asks for none of them. */
export const locales = ['en', 'de', 'es', 'ar', 'ja'] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = 'en';

/**
 * By whose rules numbers, dates and plurals of a language are written. Arabic gets the digits 0-9: codes, amounts and
 * what people type into forms have those, and CLDR chooses them too since version 42; saying so makes older clients agree.
 */
export const formatLocales: Readonly<Record<Locale, string>> = {
  en: 'en',
  de: 'de',
  es: 'es',
  ar: 'ar-u-nu-latn',
  ja: 'ja',
};

/** ICU message texts of one domain, by key, complete in every language (a missing key does not compile). */
export type Texts<K extends string = string> = Readonly<Record<Locale, Readonly<Record<K, string>>>>;
/** Texts `T` with no key beside `K`; others must be named with a dot (`order.placed.title`), as codes never are. */
export type OnlyTexts<K extends string, T> = {
  readonly [L in keyof T]: { readonly [X in Exclude<keyof T[L], K | `${string}.${string}`>]: never };
};
export type MessageParams = Record<string, string | number | boolean | Date | null | undefined>;

const texts = new Map<string, Record<Locale, string>>();
const formats = new Map<string, IntlMessageFormat>();

/**
 * Adds a domain's texts. A key that exists already or is missing in a language is a programming error and stops the start;
 * whether translations fit the English texts is for tests (`translationProblems`).
 */
export function defineMessages<K extends string>(domain: string, byLocale: Texts<K>): void {
  const problems: string[] = [];
  for (const key of new Set(locales.flatMap((locale) => Object.keys(byLocale[locale]) as K[]))) {
    const row = Object.fromEntries(locales.map((locale) => [locale, byLocale[locale][key]])) as Record<Locale, string>;
    const known = texts.get(key);
    const found = locales
      .filter((locale) => row[locale] === undefined)
      .map((locale) => `message ${key} is missing in ${locale}`);
    if (known && locales.some((locale) => known[locale] !== row[locale])) found.push(`message ${key} is defined twice`);
    if (found.length === 0) texts.set(key, row);
    problems.push(...found);
  }
  if (problems.length > 0) throw new Error(problems.map((problem) => `${domain}: ${problem}`).join('\n'));
}
/** Texts that are empty or no ICU messages, and translations that do not fit the English text. */
export const translationProblems = (rows: Iterable<[string, Record<Locale, string>]> = texts): string[] =>
  [...rows].flatMap(([key, row]) =>
    locales.flatMap((locale) =>
      textProblems(row[locale], locale, row[defaultLocale], defaultLocale).map(
        (p) => `message ${key} in ${locale} ${p}`,
      ),
    ),
  );

/** Text of `key` in `locale` with the ICU placeholders filled in; throws on a key that nobody defined. */
export function message(key: string, locale: Locale, params?: MessageParams): string {
  const id = `${locale} ${key}`;
  let format = formats.get(id);
  if (!format) {
    const row = texts.get(key);
    if (!row) throw new Error(`no message ${key}`);
    format = parseText(row[locale], formatLocales[locale]);
    formats.set(id, format);
  }
  return String(format.format(params ?? {}));
}

/** Every key with its texts, for docs and the completeness test. */
export const allMessages = (): ReadonlyMap<string, Record<Locale, string>> => texts;

/** Browsers send few different fields, each of them with every request. */
const negotiated = new Map<string, Locale>();
const MAX_NEGOTIATED = 500;

/**
 * The best of our languages for an `Accept-Language` header (RFC 9110 §12.5.4): a range means our language of its
 * primary tag (`es-MX` Spanish, lookup of RFC 4647), `*` one that is not named: `fallback`, else the first. Of equals the first named
 * wins, and `fallback` where the header asks for none of ours.
 */
export function negotiateLocale(header: string | undefined, fallback: Locale = defaultLocale): Locale {
  if (!header) return fallback;
  const key = `${fallback} ${header}`;
  let locale = negotiated.get(key);
  if (locale === undefined) {
    locale = negotiate(header, fallback);
    if (header.length < 100 && negotiated.size < MAX_NEGOTIATED) negotiated.set(key, locale);
  }
  return locale;
}

const WEIGHT = /^\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i;

function negotiate(header: string, fallback: Locale): Locale {
  const ranges = header
    .slice(0, 400)
    .split(',')
    .map((part) => {
      const [tag, ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.map((parameter) => WEIGHT.exec(parameter)).find(Boolean)?.[1];
      return { tag: tag.trim(), weight: q === undefined ? 1 : Number(q) };
    });
  const named = new Set(ranges.map(({ tag }) => tag));
  const anyOther = [fallback, ...locales].find((locale) => !named.has(locale));
  let best: Locale = fallback;
  let bestWeight = 0;
  for (const { tag, weight } of ranges) {
    const found = tag === '*' ? anyOther : locales.find((locale) => locale === tag.split('-')[0]);
    if (found && weight > bestWeight) {
      best = found;
      bestWeight = weight;
    }
  }
  return best;
}
