const maxLength = 120;
/**
 * No character that is not seen itself and changes how others are, such as U+202E (Unicode, general categories Cc, Cf, Zl
 * and Zp). Not among them: marks before Arabic and Syriac numbers, which are seen, and the zero-width joiners U+200C and
 * U+200D, which choose the form of letters (Persian, Indic scripts) and join emoji.
 */
const unseen = /(?![\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export const withoutUnseen = (name: string): string => name.replace(unseen, '');
/** Whether somebody may be called so: something that can be seen, on one line, and no character that is not. */
export const isDisplayName = (name: string): boolean =>
  name.length > 0 && name.length <= maxLength && /[\p{L}\p{N}\p{S}\p{P}]/u.test(name) && withoutUnseen(name) === name;
