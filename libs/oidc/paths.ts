/** Addresses of the issuer; discovery at the root names them. */
export const paths = {
  discovery: '/.well-known/openid-configuration',
  oauthDiscovery: '/.well-known/oauth-authorization-server',
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  pushedAuthorizationRequest: '/oauth/par',
  jwks: '/oauth/jwks',
  userinfo: '/oauth/userinfo',
  endSession: '/oauth/logout',
  /** Where the browser is asked who it is and whether that is all right; the id of the interaction follows. */
  interaction: '/sign-in',
} as const;
