const loopback = /^http:\/\/(?:127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?:\/|$)/;
/** The developer's own machine, where an app of the web is written. */
const developing = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\d{1,5}\//;
/** A scheme that its owner can be told from: the domain name in reverse (RFC 8252 §7.1). */
const privateUse = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:\/[^\s]*$/;

/**
 * Whether authorization answers may be sent there, for a client of this kind (OAuth 2.1 §2.3.1, RFC 8252 §7): compared
 * with what is asked for letter by letter, so nothing in it may be read in two ways.
 */
export function isRedirectUri(kind: 'WEB' | 'NATIVE' | 'SERVICE', uri: string): boolean {
  // No fragment, nothing that stands for something else, and nothing that browsers read otherwise than they show.
  if (/[#*\\\s]|[^\x21-\x7e]/.test(uri) || /(?:^|[/])(?:\.|%2e){1,2}(?:[/?]|$)/i.test(uri)) return false;
  if (kind === 'SERVICE') return false;
  let url: URL;
  try {
    url = new URL(uri);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '' || /^[a-z][a-z0-9+.-]*:\/\/[^/?]*@/i.test(uri)) return false;
  if (url.protocol === 'https:') return isPublicHttps(uri, url);
  if (kind !== 'NATIVE') return developing.test(uri);
  // On the devices of others "localhost" may be resolved to somebody else's machine (RFC 8252 §8.3).
  return loopback.test(uri) || (url.protocol !== 'http:' && privateUse.test(uri));
}
/** A page or an endpoint of a server that its owner runs. */
export function isHttpsUrl(uri: string): boolean {
  if (/[#*\\\s]|[^\x21-\x7e]/.test(uri)) return false;
  try {
    return isPublicHttps(uri, new URL(uri));
  } catch {
    return false;
  }
}
function isPublicHttps(uri: string, url: URL): boolean {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  // As it is written, so that what is shown to an admin is where the browser goes.
  return uri.startsWith(`https://${url.host}`) && url.hostname.includes('.') && !url.hostname.endsWith('.');
}
