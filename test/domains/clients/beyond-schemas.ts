/** What a client may have depends on what kind of client it is, and addresses and keys have rules of their own. */
const ofItsKind = [
  /^authMethod NOT_ALLOWED$/,
  /^redirectUris REQUIRED$/,
  /^(?:redirectUris|postLogoutRedirectUris)\.\d+ FORMAT$/,
  /^backchannelLogoutUri FORMAT$/,
  /^roles MAX_ITEMS$/,
  /^jwks (?:REQUIRED|INVALID)$/,
];
export const beyondSchemas = { createClient: ofItsKind, updateClient: ofItsKind };
