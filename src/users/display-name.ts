const maxLength = 120;
/** Marks that stand before Arabic and Syriac numbers are format characters, and seen. */
const unseen = /(?![\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Zero-width joiner and non-joiner choose the form of letters (Persian, Indic scripts) and make emoji of emoji. */
const joiners = /[\u200C\u200D]/g;

/**
 * Whether somebody may be called so: something that can be seen, on one line, and no character that is not seen itself and
 * changes how others are, such as U+202E (Unicode, general category Cf).
 */
export const isDisplayName = (name: string): boolean =>
  name.length > 0 &&
  name.length <= maxLength &&
  /[\p{L}\p{N}\p{S}\p{P}]/u.test(name) &&
  !unseen.test(name.replace(joiners, ''));
