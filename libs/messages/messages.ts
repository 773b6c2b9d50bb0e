import { IntlMessageFormat } from 'intl-messageformat';

/** Languages that every message exists in; the first one answers when a client asks for none of them. */
export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = 'en';

/** ICU message texts of one domain, by key, complete in every language (a missing key does not compile). */
export type Texts<K extends string = string> = Record<Locale, Record<K, string>>;
export type MessageParams = Record<string, string | number | boolean | Date | null | undefined>;

const texts = new Map<string, Record<Locale, string>>();
const formats = new Map<string, IntlMessageFormat>();

/** Adds a domain's texts; a key that exists already is a programming error and stops the start. */
export function defineMessages<K extends string>(domain: string, byLocale: Texts<K>): void {
  const keys = new Set(locales.flatMap((locale) => Object.keys(byLocale[locale]) as K[]));
  for (const key of keys) {
    const row = {} as Record<Locale, string>;
    for (const locale of locales) {
      const text: string | undefined = byLocale[locale][key];
      if (text === undefined) throw new Error(`${domain}: message ${key} is missing in ${locale}`);
      row[locale] = text;
    }
    if (texts.has(key) && locales.some((locale) => texts.get(key)![locale] !== row[locale]))
      throw new Error(`${domain}: message ${key} is defined twice`);
    texts.set(key, row);
  }
}

/** Text of `key` in `locale` with the ICU placeholders filled in; throws on a key that nobody defined. */
export function message(key: string, locale: Locale, params?: MessageParams): string {
  const id = `${locale} ${key}`;
  let format = formats.get(id);
  if (!format) {
    const row = texts.get(key);
    if (!row) throw new Error(`no message ${key}`);
    format = new IntlMessageFormat(row[locale], locale, undefined, { ignoreTag: true });
    formats.set(id, format);
  }
  return String(format.format(params ?? {}));
}

/** Every key with its texts, for docs and the completeness test. */
export const allMessages = (): ReadonlyMap<string, Record<Locale, string>> => texts;

/** Browsers send few different fields, each of them with every request. */
const negotiated = new Map<string, Locale>();
const MAX_NEGOTIATED = 500;

/** The best of our languages for an `Accept-Language` header (RFC 9110 §12.5.4, basic filtering of RFC 4647). */
export function negotiateLocale(header: string | undefined): Locale {
  if (!header) return defaultLocale;
  let locale = negotiated.get(header);
  if (locale === undefined) {
    locale = negotiate(header);
    if (header.length < 100 && negotiated.size < MAX_NEGOTIATED) negotiated.set(header, locale);
  }
  return locale;
}

function negotiate(header: string): Locale {
  let best: Locale = defaultLocale;
  let bestQ = 0;
  for (const part of header.slice(0, 400).split(',')) {
    const [tag, ...rest] = part.trim().split(';');
    const q = rest.map((r) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(r)).find(Boolean)?.[1];
    const weight = q === undefined ? 1 : Number(q);
    const primary = tag.toLowerCase().split('-')[0];
    const found = tag === '*' ? defaultLocale : locales.find((locale) => locale === primary);
    if (found && weight > bestQ) {
      best = found;
      bestQ = weight;
    }
  }
  return best;
}
