import { isCommonPassword } from './common-passwords.js';
import { normalized } from './password-hashes.js';

export const passwordLength = { min: 8, max: 128 } as const;

export type PasswordProblem = 'short' | 'long' | 'common' | 'personal';

/**
 * What is wrong with a new password (NIST SP 800-63B §3.1.1.2): its length in characters, and whether it is one of those that
 * are tried first. Nothing is asked of the kinds of characters in it.
 */
export function passwordProblem(password: string, about: readonly string[]): PasswordProblem | undefined {
  const text = normalized(password);
  const length = lengthOf(text);
  if (length < passwordLength.min) return 'short';
  if (length > passwordLength.max) return 'long';
  const folded = text.toLowerCase();
  if (isCommonPassword(folded)) return 'common';
  const words = about.flatMap((known) => [known.toLowerCase(), known.toLowerCase().split('@', 1)[0]]);
  return words.some((word) => word.length >= 4 && isMadeOf(folded, word)) ? 'personal' : undefined;
}
/** The word itself, or with a few digits and signs around it. */
const isMadeOf = (password: string, word: string): boolean =>
  password.includes(word) && !/\p{L}/u.test(password.replace(word, '')) && password.length < word.length + 5;

/** In code points, as NIST counts. */
const lengthOf = (text: string): number => Array.from(text).length;

/** So long that no account has it: not worth a hash. */
export const isTooLongToTry = (password: string): boolean => lengthOf(normalized(password)) > passwordLength.max;
