import { emailOf, isEmail } from '#src/identity/accounts.js';

type Claims = Readonly<Record<string, unknown>>;
const maxName = 120;

/** What the account is called (`name`), on one line; the local part of its address where the claim is of no use. */
export function nameOf({ name }: Claims, email: string): string {
  const text = typeof name === 'string' ? name.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ') : '';
  return Array.from(text.trim()).slice(0, maxName).join('').trim() || email.slice(0, email.indexOf('@'));
}
/** The address that the issuer has verified (OpenID Connect Core §5.1): `email_verified` is `true` and nothing like it. */
export function verifiedEmailOf({ email, email_verified: isVerified }: Claims): string | undefined {
  if (typeof email !== 'string' || isVerified !== true) return undefined;
  const address = emailOf(email);
  return isEmail(address) ? address : undefined;
}
