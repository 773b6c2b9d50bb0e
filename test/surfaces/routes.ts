import { vi } from 'vitest';
import { operationsOf, type Exceptions, type Operations, type Route } from '#libs/testing/operations.js';
import { RouteMethods } from '#libs/http/edge/route-methods.js';
import { TestApp, type TestAppOptions } from '#test/harness/test-app.js';

/** What has no twin, no operationId or no controller, and why that is right. */
export const exceptions: Exceptions = {
  'GET /health/live': 'a probe of the orchestrator, not part of the API',
  'GET /health/ready': 'a probe of the orchestrator, not part of the API',
  'GET /health/startup': 'a probe of the orchestrator, not part of the API',
  'GET /graphql': 'GraphQL itself; its fields are guarded one by one',
  'POST /graphql': 'GraphQL itself; its fields are guarded one by one',
  'GET /': 'the start page: public, the same for everybody',
  listInputSchemas: 'rules of inputs, read by their ETags: public, the same for everybody, for GraphQL clients too',
  getInputSchema: 'rules of an input, read by its ETag: public, the same for everybody, for GraphQL clients too',
  listMessageLocales: 'texts, read by their ETags: public, the same for everybody, for GraphQL clients too',
  getMessages: 'texts, read by their ETag: public, the same for everybody, for GraphQL clients too',
  'GET /docs': 'documentation: public, the same for everybody',
  'GET /docs/': 'the same with a slash: leads to the address without',
  'GET /docs/assets/:folder/:file': 'scripts and styles of the documentation',
  'GET /docs/oauth2-redirect.html': 'where sign-in leads back to the documentation',
  'GET /docs/errors': 'documentation: public, the same for everybody',
  'GET /openapi/v1.json': 'documentation: public, the same for everybody',
  'GET /openapi/v1.postman.json': 'documentation: public, the same for everybody',
  'GET /schema.graphql': 'documentation: public, the same for everybody',
  'GET /graphiql': 'documentation: a page whose requests go to /graphql',
  'GET /graphiql/': 'the same with a slash: leads to the address without',
  'GET /graphiql/schema.json': 'documentation: public, the same for everybody',
  ...issuerRoutes(),
  ...pageRoutes(),
};

/** OAuth 2.0 and OpenID Connect, as their specifications say; test/issuer is about them. */
function issuerRoutes(): Exceptions {
  const of = (method: string, ...addresses: string[]) => addresses.map((address) => `${method} ${address}`);
  const asked = ['/oauth/authorize', '/oauth/logout'];
  const called = ['/oauth/token', '/oauth/revoke', '/oauth/introspect', '/oauth/par'];
  const read = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth/jwks'];
  const routes = [
    ...of('GET', ...read, ...asked, '/oauth/authorize/:uid', '/oauth/logout/success', '/oauth/userinfo'),
    ...of('POST', ...called, ...asked, '/oauth/logout/confirm', '/oauth/userinfo'),
    ...of('OPTIONS', ...read, ...called),
  ];
  return Object.fromEntries(routes.map((route) => [route, 'the issuer: guarded by its own protocol']));
}

/** Pages for people: forms that carry tokens of their own. test/identity is about who may send them. */
function pageRoutes(): Exceptions {
  const begun = (address: string) => [address, `/sign-in/:uid${address}`];
  const shown = [
    '/assets/:folder/:file',
    ...['/register', '/register/sent', '/forgotten-password', '/forgotten-password/sent'].flatMap(begun),
    '/sign-in/with/:provider/callback',
    '/confirm/done',
    '/.well-known/change-password',
    '/account',
    '/account/signed-in',
  ];
  const forms = [
    ...['/register', '/forgotten-password'].flatMap(begun),
    '/confirm',
    ...['', '/continue', '/with/:provider', '/passkey', '/second-factor', '/second-factor/passkey', '/consent'].map(
      (step) => `/sign-in/:uid${step}`,
    ),
    ...[
      'name',
      'confirm',
      'confirm/passkey',
      'confirm/provider',
      'password',
      'authenticator',
      'passkeys',
      'passkeys/remove',
      'recovery-codes',
      'providers',
      'providers/remove',
    ].map((section) => `/account/${section}`),
  ];
  const commands = [
    ...['cancel', 'passkey/options', 'second-factor/passkey/options'].map((step) => `/sign-in/:uid/${step}`),
    ...['confirm/passkey/options', 'passkeys/options', 'authenticator/remove'].map((step) => `/account/${step}`),
    '/account/sessions/end',
    '/account/sessions/end-all',
  ];
  const routes = [
    ...[...shown, ...forms].map((address) => `GET ${address}`),
    ...[...forms, ...commands].map((address) => `POST ${address}`),
  ];
  return Object.fromEntries(routes.map((route) => [route, 'a page of sign-in or of the account']));
}

/** Starts the application and lists what it can be asked, with every route that its server has. */
export async function startListed(options: TestAppOptions = {}): Promise<{ app: TestApp; operations: Operations }> {
  const routes: Route[] = [];
  const { watch } = RouteMethods.prototype;
  const spy = vi.spyOn(RouteMethods.prototype, 'watch').mockImplementation(function (this: RouteMethods, fastify) {
    fastify.addHook('onRoute', (route) => void routes.push(route));
    return watch.call(this, fastify);
  });
  const app = await TestApp.start(options);
  spy.mockRestore();
  return { app, operations: operationsOf(app.app, routes) };
}
