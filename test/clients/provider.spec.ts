// A stock client gets its code from somebody who signs in with another provider for the first time, and for the second.
import { randomUUID } from 'node:crypto';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FormBrowser } from '../../libs/testing/form-browser.js';
import { SignInIssuer } from '../../libs/testing/sign-in-issuer.js';
import { TestApp } from '../harness/test-app.js';
import { Instances, web } from '../issuer/client.js';

const publicUrl = 'http://tandem.test';
let provider: SignInIssuer;
let app: TestApp;
let second: TestApp;
let instances: Instances;
beforeAll(async () => {
  provider = await SignInIssuer.start();
  const { url: issuer, clientId, clientSecret } = provider;
  const env = {
    PUBLIC_URL: publicUrl,
    EGRESS_ALLOW: '127.0.0.1/32',
    SIGN_IN_PROVIDERS: JSON.stringify([{ id: 'example', name: 'Example', issuer, clientId, clientSecret }]),
  };
  app = await TestApp.start({ env });
  second = await TestApp.start({ env, database: app.database, issuer: app.issuer });
  instances = new Instances([app, second]);
});
afterAll(async () => {
  await second?.stop();
  await app?.stop();
  await provider?.stop();
});

it('a web app: discovery, code with PKCE, userinfo, refresh; the answer of the provider comes to another instance', async () => {
  const execute = [oidc.allowInsecureRequests];
  const inTurn = ((url: string, init: object) => instances.fetch(url, init as RequestInit)) as never;
  const metadata = { id_token_signed_response_alg: 'ES256' };
  const options = { execute, [oidc.customFetch]: inTurn };
  const config = await oidc.discovery(new URL(publicUrl), web.clientId, metadata, oidc.None(), options);
  const email = `${randomUUID()}@example.com`;
  provider.person = { sub: randomUUID(), email, email_verified: true, name: 'Grace Hopper' };
  const subjects = [];
  for (const where of [app, second]) {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: web.redirectUri,
      scope: 'openid profile email',
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const there = new FormBrowser(where.url, publicUrl);
    const going = await there.submit(await there.get(address.href), {}, '/with/example');
    const back = await provider.through(/content="0; url=([^"]*)"/.exec(going.html)![1].replaceAll('&amp;', '&'));
    // The same browser, at the other instance.
    const here = new FormBrowser(where === app ? second.url : app.url, publicUrl);
    for (const cookie of await there.jar.getCookies(publicUrl, { allPaths: true }))
      await here.jar.setCookie(cookie, publicUrl);
    await here.get(back.href);
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(config, here.left!, checks);
    const claims = tokens.claims()!;
    expect(claims).toMatchObject({ email, email_verified: true, name: 'Grace Hopper', amr: ['fed'] });
    expect(await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)).toMatchObject({ email });
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token!);
    const resource = new URL(`${publicUrl}/v1/users/me`);
    const answer = await oidc.fetchProtectedResource(config, renewed.access_token, resource, 'GET');
    expect(await answer.json()).toMatchObject({ id: claims.sub });
    subjects.push(claims.sub);
  }
  expect(subjects[1]).toBe(subjects[0]);
});
