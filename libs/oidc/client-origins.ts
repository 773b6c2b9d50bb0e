/**
 * Whether a page of this origin is one of the client's own, which may ask the token endpoint by a script (CORS). What has no
 * origin of its own says "null", and so does the scheme of an app.
 */
export const isOriginOf = (redirectUris: readonly string[], origin: string): boolean =>
  origin !== 'null' && redirectUris.some((uri) => URL.parse(uri)?.origin === origin);
