import { createHash, timingSafeEqual } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import { openIdScopes } from './account-claims.js';
import type { RegisteredClient } from './clients.js';

/** Secrets are long and random, made by us: a plain hash is enough. */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Metadata of ours that the provider hands through. */
export interface ExtraMetadata {
  readonly is_first_party: boolean;
  /** Scopes of the API that it may ask for; absent: every one. */
  readonly api_scopes?: readonly string[];
  readonly kind: RegisteredClient['kind'];
}
export const extraMetadata = ['is_first_party', 'api_scopes', 'kind'] satisfies (keyof ExtraMetadata)[];

/**
 * As the provider wants it: RFC 7591 and OpenID Connect Dynamic Client Registration. It knows one way for each client to show
 * its secret; ours take both, so the request at hand decides: `isBasic`.
 */
export function metadataOf(client: RegisteredClient, isBasic: boolean): AdapterPayload {
  const isService = client.kind === 'service';
  const extra: ExtraMetadata = { is_first_party: client.isFirstParty, api_scopes: client.scopes, kind: client.kind };
  return {
    client_id: client.id,
    client_name: client.name,
    application_type: client.kind === 'native' ? 'native' : 'web',
    grant_types: isService ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    response_types: isService ? [] : ['code'],
    response_modes: isService ? undefined : ['query'],
    redirect_uris: isService ? [] : [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    token_endpoint_auth_method:
      client.authentication === 'client_secret'
        ? isBasic
          ? 'client_secret_basic'
          : 'client_secret_post'
        : client.authentication,
    ...(client.scopes && !isService && { scope: signInScopesOf(client.scopes) }),
    // The provider compares with it through `secretMatches` alone.
    ...(client.authentication === 'client_secret' && {
      client_secret: (client.secretHashes ?? []).join(' ') || 'none',
    }),
    ...(client.jwks && { jwks: client.jwks }),
    dpop_bound_access_tokens: client.requiresDpop ?? false,
    ...(client.backchannelLogoutUri && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
    ...(client.logoUri && { logo_uri: client.logoUri }),
    ...(client.policyUri && { policy_uri: client.policyUri }),
    ...(client.termsUri && { tos_uri: client.termsUri }),
    ...extra,
  };
}
/** `openid` says who it is, which every sign-in does; staying signed in is for people to agree to. */
const signInScopesOf = (scopes: readonly string[]): string =>
  openIdScopes.filter((name) => name === 'openid' || name === 'offline_access' || scopes.includes(name)).join(' ');

export function secretMatches(hashes: string | undefined, secret: string): boolean {
  const shown = Buffer.from(hashOfSecret(secret));
  // All of them, so that the time tells nothing.
  return (hashes ?? '').split(' ').reduce((matches, hash) => {
    const known = Buffer.from(hash);
    return (known.length === shown.length && timingSafeEqual(known, shown)) || matches;
  }, false);
}
