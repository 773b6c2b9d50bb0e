import { defaultLocale, defineMessages, type OnlyTexts, type Texts } from '#libs/messages/messages.js';

/** One row of the catalogue: what a client may rely on when it sees `code`. */
export interface ErrorRow {
  readonly code: string;
  readonly status: number;
  /** For the docs: when it happens and what the client can do. English, one or two sentences. */
  readonly description: string;
}
type Rows = Record<string, { status: number; description: string }>;

const rows = new Map<string, ErrorRow>();

/**
 * A domain's errors: code → status and description, with the public text in every language.
 * Other texts of the domain, whose keys have a dot in them, may stand in the same files.
 * Returns the rows by code, to be thrown as `new AppError(errors.ORDER_NOT_FOUND)`.
 */
export function defineErrors<R extends Rows, T extends Texts<keyof R & string>>(
  domain: string,
  definition: R,
  texts: T & OnlyTexts<keyof R & string, T>,
): { readonly [C in keyof R & string]: ErrorRow } {
  defineMessages<string>(domain, texts);
  for (const key of Object.keys(texts[defaultLocale]))
    if (!key.includes('.') && !(key in definition)) throw new Error(`${domain}: there is a text but no error ${key}`);
  const out = {} as Record<string, ErrorRow>;
  for (const [code, row] of Object.entries(definition)) {
    if (!/^[A-Z][A-Z0-9_]+$/.test(code)) throw new Error(`${domain}: error code ${code} is not UPPER_SNAKE`);
    if (rows.has(code)) throw new Error(`${domain}: error code ${code} is defined twice`);
    out[code] = Object.freeze({ code, ...row });
    rows.set(code, out[code]);
  }
  return out as { readonly [C in keyof R & string]: ErrorRow };
}

/** All rows, sorted by code: the source of docs/errors.md and of the OpenAPI responses. */
export const allErrors = (): ErrorRow[] => [...rows.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
