import { domainToASCII } from 'node:url';

// White space, and what nobody sees: soft hyphens, joiners, marks of direction.
const MAX_LENGTH = 1000;
const invisible = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;

/**
 * One text for all the ways to type one e-mail address, so that they share a budget: letter case, spaces, Unicode forms.
 * Merging too much only makes two accounts share; tags and dots are left alone, where they are somebody else's mailbox.
 * Not for sending mail. Other texts (ids) may be passed, too.
 */
export function accountName(typed: string): string {
  // To capitals and back also joins letters that have no pair of their own, such as ß and SS.
  const folded = typed
    .slice(0, MAX_LENGTH)
    .normalize('NFKC')
    .replaceAll(invisible, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');
  const at = folded.lastIndexOf('@');
  if (at === -1) return folded;
  const domain = folded.slice(at + 1).replace(/\.$/, '');
  return `${folded.slice(0, at)}@${domainToASCII(domain) || domain}`;
}
