import { isDisplayName, withoutUnseen } from '#src/users/display-name.js';

type Claims = Readonly<Record<string, unknown>>;
const maxName = 120;

/** What the account is called (`name`), on one line; the local part of its address where the claim is of no use. */
export function nameOf({ name }: Claims, email: string): string {
  const text = typeof name === 'string' ? name.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ') : '';
  const called = Array.from(withoutUnseen(text).trim()).slice(0, maxName).join('').trim();
  return isDisplayName(called) ? called : email.slice(0, email.indexOf('@'));
}
