// A stock client signs in, against two instances in turn.
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SigningKeyStore } from '../../libs/authn/signing-key-store.js';
import { SigningKeys } from '../../libs/authn/signing-keys.js';
import { Secrets } from '../../libs/secrets/secrets.js';
import { TestApp } from '../harness/test-app.js';
import { startWorld, type World } from '../harness/world.js';
import { Browser, finishSignIn, Instances, mobile, web, type Request } from '../issuer/client.js';
import { RemoteKeys } from '../issuer/keys.js';

let world: World;
let second: TestApp;
let instances: Instances;
beforeAll(async () => {
  world = await startWorld();
  second = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
  instances = new Instances([world.app, second]);
});
afterAll(async () => {
  await second?.stop();
  await world?.app.stop();
});
const inTurn = (url: string, init: object) => instances.fetch(url, init as RequestInit);
const discover = (clientId: string) =>
  oidc.discovery(new URL(instances.publicUrl), clientId, { id_token_signed_response_alg: 'ES256' }, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: inTurn as never,
  });
const scope = 'openid profile email';

/** From the address that the client opens to the one that its browser comes back to. */
async function throughBrowser(address: URL): Promise<URL> {
  const browser = new Browser(instances);
  let { left } = await browser.follow(address.href);
  while (left?.pathname.startsWith('/sign-in/'))
    ({ left } = await browser.follow(await finishSignIn(world.app, left, world.ids.ada)));
  if (!left) throw new Error('the browser did not come back');
  return left;
}
async function signIn(config: oidc.Configuration, { redirectUri }: Request, DPoP?: oidc.DPoPHandle, pushed = false) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const parameters = {
    redirect_uri: redirectUri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  };
  const address = pushed
    ? await oidc.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })
    : oidc.buildAuthorizationUrl(config, parameters);
  const back = await throughBrowser(address);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  return oidc.authorizationCodeGrant(config, back, checks, undefined, { DPoP });
}

it.each([
  ['a web app', web],
  ['an installed app', mobile],
])('%s: discovery, code with PKCE, userinfo, refresh, revocation', async (_name, request) => {
  const config = await discover(request.clientId);
  const tokens = await signIn(config, request);
  const claims = tokens.claims()!;
  expect(claims).toMatchObject({ sub: world.ids.ada, email: expect.any(String), name: expect.any(String) });
  const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  expect(info).toMatchObject({ sub: world.ids.ada, email: claims.email });
  expect(config.serverMetadata().jwks_uri).toBe(`${instances.publicUrl}/oauth/jwks`);
  await new RemoteKeys(instances).verify(tokens.access_token, { audience: 'tandem', typ: 'at+jwt' });

  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token!);
  const resource = new URL(`${instances.publicUrl}/v1/users/me`);
  const response = await oidc.fetchProtectedResource(config, renewed.access_token, resource, 'GET');
  expect(await response.json()).toMatchObject({ id: world.ids.ada });
  await oidc.tokenRevocation(config, renewed.refresh_token!);
  await expect(oidc.refreshTokenGrant(config, renewed.refresh_token!)).rejects.toMatchObject({
    error: 'invalid_grant',
  });
});
it('a pushed request, and tokens that are bound to a key', async () => {
  const config = await discover(mobile.clientId);
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const tokens = await signIn(config, mobile, DPoP, true);
  expect(tokens.token_type).toBe('dpop');
  const resource = new URL(`${instances.publicUrl}/v1/users/me`);
  for (let turn = 0; turn < 2; turn++) {
    const args = [config, tokens.access_token, resource, 'GET', undefined, undefined, { DPoP }] as const;
    expect((await oidc.fetchProtectedResource(...args)).status).toBe(200);
  }
  expect((await oidc.fetchUserInfo(config, tokens.access_token, world.ids.ada, { DPoP })).sub).toBe(world.ids.ada);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token!, undefined, { DPoP });
  expect(renewed.token_type).toBe('dpop');
  await expect(oidc.refreshTokenGrant(config, renewed.refresh_token!)).rejects.toMatchObject({
    error: 'invalid_grant',
  });
});
it('signing out at the service', async () => {
  const config = await discover(web.clientId);
  const tokens = await signIn(config, web);
  const address = oidc.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token!,
    post_logout_redirect_uri: 'http://localhost:5173/',
  });
  expect((await instances.fetch(address.href)).status).toBe(200);
});
it('a person who does not want to', async () => {
  const config = await discover(web.clientId);
  const state = oidc.randomState();
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: web.redirectUri,
    scope,
    state,
    prompt: 'none',
    code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  });
  const back = await throughBrowser(address);
  await expect(oidc.authorizationCodeGrant(config, back, { expectedState: state })).rejects.toMatchObject({
    error: 'login_required',
  });
});
it('tokens verify before, during and after a rotation of the keys', async () => {
  const { app, database } = world.app;
  const query = async (text: string, values: readonly unknown[]) =>
    (await database.sql(text, [...values])).map((row) => Object.values(row));
  const store = new SigningKeyStore(query, app.get(Secrets));
  const take = () => Promise.all(instances.all.map((one) => one.app.get(SigningKeys).load()));
  // The library checks ID tokens by the keys that it fetched when it met the first one, and so does jose.
  const checking = async () => {
    const config = await discover(web.clientId);
    oidc.enableNonRepudiationChecks(config);
    return config;
  };
  const keys = new RemoteKeys(instances);
  type Tokens = Pick<oidc.TokenEndpointResponse, 'access_token' | 'id_token'>;
  const kidsOf = async ({ access_token: access, id_token: id = '' }: Tokens) => [
    (await keys.verify(access, { audience: 'tandem', typ: 'at+jwt' })).kid,
    (await keys.verify(id, { audience: web.clientId })).kid,
  ];
  const old = await checking();
  const before = await signIn(old, web);
  expect(await kidsOf(before)).toEqual(['test', 'test']);

  const { kid } = await store.rotate('planned');
  await take();
  const config = await checking();
  const during = await signIn(config, web);
  expect(await kidsOf(during)).toEqual(['test', 'test']);

  await database.sql('update signing_keys set signs_from = now() where kid = $1', [kid]);
  // One instance has heard of it, the other one has not yet.
  await app.get(SigningKeys).load();
  const mixed = [await signIn(config, web), await signIn(config, web)];
  for (const tokens of mixed) for (const one of await kidsOf(tokens)) expect(['test', kid]).toContain(one);
  await take();
  const after = await oidc.refreshTokenGrant(config, during.refresh_token!);
  expect(await kidsOf(after)).toEqual([kid, kid]);
  for (const tokens of [before, during, ...mixed, after]) {
    await kidsOf(tokens);
    for (let turn = 0; turn < 2; turn++) {
      const resource = new URL(`${instances.publicUrl}/v1/users/me`);
      expect((await oidc.fetchProtectedResource(config, tokens.access_token, resource, 'GET')).status).toBe(200);
    }
  }
  // What the old key has signed still says who wants to sign out.
  const hint = oidc.buildEndSessionUrl(config, { id_token_hint: before.id_token! });
  expect((await instances.fetch(hint.href)).status).toBe(200);
});
