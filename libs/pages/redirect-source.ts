/**
 * The CSP source that lets a form end at this address: Chromium holds `form-action` against every redirect that follows a
 * submission, so the page has to name where the sign-in will lead. Undefined for what is no address.
 */
export function redirectSource(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { protocol, hostname, origin } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') return protocol;
  // The grammar of sources knows no IPv6 addresses (CSP Level 3 §2.3.1).
  return hostname.startsWith('[') ? protocol : origin;
}
