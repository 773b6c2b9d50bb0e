import { emailOf, isEmail } from '#src/identity/accounts.js';
import { isDisplayName, withoutUnseen } from '#src/users/display-name.js';

type Claims = Readonly<Record<string, unknown>>;
const maxName = 120;

/** What the account is called (`name`), on one line; the local part of its address where the claim is of no use. */
export function nameOf({ name }: Claims, email: string): string {
  const text = typeof name === 'string' ? name.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ') : '';
  const called = Array.from(withoutUnseen(text).trim()).slice(0, maxName).join('').trim();
  return isDisplayName(called) ? called : email.slice(0, email.indexOf('@'));
}
/**
 * The address that others vouch for (OpenID Connect Core §5.1): `email_verified` is `true` and nothing like it. Undefined for
 * one that we would change by more than ASCII capitals: another mailbox may be meant than the one that Unicode folds it to.
 */
export function vouchedEmail({ email, email_verified: isVerified }: Claims): string | undefined {
  if (typeof email !== 'string' || isVerified !== true) return undefined;
  const address = emailOf(email);
  const asSaid = email.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return address === asSaid && isEmail(address) ? address : undefined;
}
