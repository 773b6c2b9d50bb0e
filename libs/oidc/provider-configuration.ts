import { v7 as uuidv7 } from 'uuid';
import { errors, type Client, type Configuration, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import type { SigningKey } from '#libs/authn/signing-key-store.js';
import { apiScopes, fullScope } from '#libs/authz/scopes.js';
import type { Config } from '#libs/config/config.js';
import { AccountClaims, claimsByScope, isOpenIdScope, openIdScopes } from './account-claims.js';
import type { EndpointLimits } from './endpoint-limits.js';
import { extraMetadata, type ExtraMetadata } from './client-metadata.js';
import { isOriginOf } from './client-origins.js';
import { acr, policy } from './interaction-policy.js';
import type { IssuerPages } from './issuer-pages.js';
import { paths } from './paths.js';
import { REPEATED, StateAdapter, type AdapterParts } from './state-adapter.js';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
/** Seconds. */
export const lifetimes = {
  accessToken: 10 * minute,
  code: minute,
  /** Without use. */
  refreshToken: 30 * day,
  /** However much it is used. */
  session: 365 * day,
  /** Of a browser, without use. */
  browserSession: 30 * day,
  interaction: hour,
  pushedRequest: minute,
} as const;

export interface ConfigurationParts extends AdapterParts {
  readonly config: Pick<Config, 'http' | 'tokens'>;
  readonly accounts: AccountClaims;
  /** 32 bytes each; the first one signs. */
  readonly cookieKeys: readonly Buffer[];
  readonly nonceKey: Buffer;
  /** The one that signs comes first. */
  readonly keys: readonly SigningKey[];
  readonly pages: IssuerPages;
  readonly limits: EndpointLimits;
}

const mutableClaims = Object.fromEntries(Object.entries(claimsByScope).map(([scope, names]) => [scope, [...names]]));

/** The client as our own parts see it. */
export const extraOf = (client: Client): ExtraMetadata => client as unknown as ExtraMetadata;

/** What the library is set up with; everything that is not here is off or as it comes. */
export function configurationOf(parts: ConfigurationParts): Configuration {
  const { config, state, keys, pages, limits } = parts;
  const { publicUrl } = config.http;
  const secure = publicUrl.startsWith('https:');
  const { renderError, logoutSource, postLogoutSuccessSource } = pages;
  const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const;
  return {
    adapter: (model) => new StateAdapter(model, parts),
    jwks: { keys: keys.map(({ privateJwk }) => privateJwk as never) },
    routes: {
      authorization: paths.authorization,
      token: paths.token,
      revocation: paths.revocation,
      introspection: paths.introspection,
      pushed_authorization_request: paths.pushedAuthorizationRequest,
      jwks: paths.jwks,
      end_session: paths.endSession,
    },
    findAccount: async (_ctx, sub) => accountOf(parts, sub),
    // How and when somebody has signed in is in every ID token, asked for or not.
    claims: { ...mutableClaims, openid: [...claimsByScope.openid, 'auth_time', 'amr', 'acr'] },
    acrValues: Object.values(acr),
    scopes: [...openIdScopes],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256'],
      idTokenSigningAlgValues: ['ES256'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
    },
    // Called once the signature was right; the library's own is for FAPI 2.0.
    assertJwtClientAuthClaimsAndHeader: (ctx, _claims, _header, client) => limits.clientProven(ctx, client.clientId),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    extraClientMetadata: { properties: [...extraMetadata] },
    // Scopes say what a client learns, in the ID token too: one request less for it.
    conformIdTokenClaims: false,
    cookies: {
      keys: [...parts.cookieKeys],
      names: secure
        ? {
            session: '__Host-tandem_session',
            interaction: '__Secure-tandem_interaction',
            resume: '__Secure-tandem_resume',
          }
        : { session: 'tandem_session', interaction: 'tandem_interaction', resume: 'tandem_resume' },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    clientBasedCORS: (_ctx, origin, client) => isOriginOf(client.redirectUris ?? [], origin),
    interactions: { policy: policy(), url: (_ctx, { uid }) => `${paths.interaction}/${uid}` },
    loadExistingGrant: (ctx) => grantOf(ctx),
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: (ctx) => (ctx as { [REPEATED]?: string })[REPEATED] === undefined,
    // What a browser has been given ends with its session; an installed app goes on by itself.
    expiresWithSession: async (ctx) => ctx.oidc.client?.applicationType === 'web',
    revokeGrantPolicy: () => true,
    extraTokenClaims: async ({ oidc }, token) => {
      if (!('grantId' in token) || token.grantId === undefined) return undefined;
      const { RefreshToken, AuthorizationCode } = oidc.entities;
      const { authTime, amr, acr: reached } = (AuthorizationCode ?? RefreshToken)!;
      return { gid: token.grantId, auth_time: authTime, amr, ...(reached !== undefined && { acr: reached }) };
    },
    renderError,
    ttl: {
      AccessToken: lifetimes.accessToken,
      ClientCredentials: lifetimes.accessToken,
      IdToken: lifetimes.accessToken,
      AuthorizationCode: lifetimes.code,
      PushedAuthorizationRequest: lifetimes.pushedRequest,
      RefreshToken: (_ctx, token) =>
        Math.max(1, Math.min(lifetimes.refreshToken, lifetimes.session - token.totalLifetime())),
      Interaction: lifetimes.interaction,
      Session: lifetimes.browserSession,
      Grant: lifetimes.session + day,
    },
    features: {
      devInteractions: { enabled: false },
      // The library's takes opaque tokens only; ours is `userinfo.ts`.
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: true, nonceSecret: parts.nonceKey },
      // Sent by `logout-notices.ts`, however a session ends.
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => publicUrl,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (ctx, resource, client) => {
          if (resource !== publicUrl) throw new errors.InvalidTarget();
          askForDefaultScopes(ctx, client);
          return {
            scope: [...openIdScopes, ...scopesFor(client)].join(' '),
            audience: config.tokens.audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: lifetimes.accessToken,
            jwt: { sign: { alg: 'ES256', kid: keys[0].kid } },
          };
        },
      },
    },
    discovery: { userinfo_endpoint: `${publicUrl}${paths.userinfo}` },
    // Keys of clients are registered, not fetched; what leaves the process goes through the guarded client.
    fetch: () => Promise.reject(new Error('the issuer fetches nothing')),
  };

  /** The grant of the browser's session for this client. Ours gets all that it asks for; others what was consented to. */
  async function grantOf(ctx: KoaContextWithOIDC) {
    const { client, session, provider, result, requestParamOIDCScopes, requestParamClaims, resourceServers } = ctx.oidc;
    const id = result?.consent?.grantId ?? session!.grantIdFor(client!.clientId);
    const found = id === undefined ? undefined : await provider.Grant.find(id);
    const isSame = found?.accountId === session!.accountId && found?.clientId === client!.clientId;
    const grant = isSame ? found : undefined;
    if (!extraOf(client!).is_first_party) return grant;
    const ours = grant ?? newGrant(provider, session!.accountId!, client!.clientId);
    const before = JSON.stringify([ours.openid, ours.resources]);
    ours.addOIDCScope([...requestParamOIDCScopes]);
    ours.addOIDCClaims([...requestParamClaims]);
    for (const [resource, { scopes }] of Object.entries(resourceServers ?? {}))
      ours.addResourceScope(resource, [...scopes]);
    if (!grant || before !== JSON.stringify([ours.openid, ours.resources])) await ours.save();
    return ours;
  }
  async function accountOf({ accounts }: ConfigurationParts, sub: string) {
    const claims = await accounts.find(sub, state.em);
    if (!claims) return undefined;
    return { accountId: sub, claims: () => ({ ...claims, sub }) };
  }
}
/** Its id is that of the session that people see: a UUID, and no secret. */
export function newGrant(provider: Provider, accountId: string, clientId: string) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.jti = uuidv7();
  return grant;
}
export function scopesFor(client: Client): string[] {
  const names = apiScopes().map(({ name }) => name);
  const { api_scopes: registered } = extraOf(client);
  return registered ? names.filter((name) => registered.includes(name)) : names;
}
/**
 * What a client is given that names no scope of the API (RFC 6749 §3.3): ours everything, a service what it is registered
 * with. Others learn who somebody is, and no more. One that names some, and may have none of them, gets `invalid_scope`.
 */
function askForDefaultScopes({ oidc }: KoaContextWithOIDC, client: Client): void {
  const { params, route } = oidc;
  const isRequest = ['authorization', 'pushed_authorization_request', 'token'].includes(route);
  if (!params || !isRequest || params.grant_type === 'refresh_token' || params.grant_type === 'authorization_code')
    return;
  const { kind, is_first_party: isOurs } = extraOf(client);
  const allowed = scopesFor(client);
  const asked = typeof params.scope === 'string' ? params.scope.split(' ').filter(Boolean) : [];
  // Nobody signs in to a service: what OpenID has for that is nothing to it.
  const named = kind === 'service' ? asked : asked.filter((scope) => !isOpenIdScope(scope));
  if (named.some((scope) => allowed.includes(scope))) return;
  if (named.length > 0)
    throw new errors.InvalidScope('none of the requested scopes is allowed for this client', named.join(' '));
  const given = kind === 'service' ? allowed : isOurs ? [fullScope] : [];
  if (given.length > 0) params.scope = [...asked, ...given].join(' ');
}
