export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop';
  readonly token: string;
}
const header = /^(Bearer|DPoP) +([A-Za-z0-9._~+/=-]+)$/i;

/** The token of an `Authorization` header (RFC 6750, RFC 9449 §7.1); undefined when it holds none. */
export function presentedToken(authorization: string | undefined): PresentedToken | undefined {
  const found = authorization === undefined ? undefined : header.exec(authorization);
  return found ? { scheme: found[1].toLowerCase() as PresentedToken['scheme'], token: found[2] } : undefined;
}
