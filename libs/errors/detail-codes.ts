import { defaultLocale, defineMessages, type Texts } from '#libs/messages/messages.js';
import { detailTexts } from './locales/texts.js';

/** One row of the detail catalogue: what is wrong with a single field. */
export interface DetailRow {
  readonly code: string;
  /** For the docs. English, one sentence. */
  readonly description: string;
}

type OnlyDetailTexts<C extends string, T> = {
  readonly [L in keyof T]: { readonly [X in Exclude<keyof T[L], `detail.${C}`>]: never };
};

const rows = new Map<string, DetailRow>();

/**
 * Adds detail codes, with the public text of each in every language under the message key `detail.<CODE>`.
 * A code that exists already stops the start.
 */
export function defineDetailCodes<C extends string, T extends Texts<`detail.${NoInfer<C>}`>>(
  domain: string,
  descriptions: Readonly<Record<C, string>>,
  texts: T & OnlyDetailTexts<C, T>,
): { readonly [K in C]: K } {
  defineMessages<string>(domain, texts);
  for (const key of Object.keys(texts[defaultLocale]))
    if (!(key.replace(/^detail\./, '') in descriptions))
      throw new Error(`${domain}: there is a text but no detail code for ${key}`);
  const codes = {} as { [K in C]: K };
  for (const [code, description] of Object.entries<string>(descriptions)) {
    if (rows.has(code)) throw new Error(`${domain}: detail code ${code} is defined twice`);
    rows.set(code, Object.freeze({ code, description }));
    (codes as Record<string, string>)[code] = code;
  }
  return Object.freeze(codes);
}

/** All rows, sorted by code. */
export const allDetailCodes = (): DetailRow[] => [...rows.values()].sort((a, b) => (a.code < b.code ? -1 : 1));

/** Codes that `details[].code` may carry for any input; the params named in brackets fill the text. */
export const detailCodes = defineDetailCodes(
  'errors',
  {
    REQUIRED: 'The field is missing.',
    UNKNOWN_FIELD: 'The input has a field that does not exist.',
    TYPE: 'The value has the wrong JSON type. [expected: string, number, integer, boolean, array, object]',
    NULL_NOT_ALLOWED: 'The field may be left out, but not be null.',
    MIN: 'The number is too small. [min]',
    MAX: 'The number is too large. [max]',
    MIN_LENGTH: 'The text is too short. [min]',
    MAX_LENGTH: 'The text is too long. [max]',
    MIN_ITEMS: 'The list has too few entries. [min]',
    MAX_ITEMS: 'The list has too many entries. [max]',
    FORMAT: 'The text is not an id, a time, an e-mail address or whatever the field asks for.',
    ENUM: 'The value is not one of those allowed. [allowed]',
    NOT_UNIQUE: 'The value, or an entry of the list, exists already.',
    REPEATED: 'The query parameter is there more than once.',
    NOT_FOUND: 'The value names something that does not exist or that the caller may not see.',
    IMMUTABLE: 'The field cannot be changed any more.',
    NOT_ALLOWED: 'The value is known, but not possible here. [allowed]',
    INVALID: 'The value breaks a rule that has no code of its own.',
    JSON_SYNTAX: 'The body is not JSON.',
    JSON_DEPTH: 'The body is nested too deeply. [max]',
    JSON_ENCODING: 'The body is not UTF-8.',
    JSON_KEY: 'The body has a property that is never accepted, such as `__proto__`.',
    STATE: 'A part of the service is not ready. [state]',
  },
  detailTexts,
);
