// Weaknesses: services that prove nothing, get more than they are registered for, or go on after they were disabled.
import { createHash, randomUUID } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '#test/harness/world.js';
import { authorizationUrl, Browser, call, finishSignIn, Instances, pkce } from './client.js';

let world: World;
let instances: Instances;
const hash = (secret: string) => createHash('sha256').update(secret).digest('base64url');
const day = 86_400_000;
beforeAll(async () => {
  world = await startWorld();
  instances = new Instances([world.app]);
  const secrets = [
    { hash: hash('new-secret'), createdAt: new Date().toISOString(), expiresAt: null },
    {
      hash: hash('old-secret'),
      createdAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + day).toISOString(),
    },
    {
      hash: hash('past-secret'),
      createdAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() - day).toISOString(),
    },
  ];
  await register('a-service', 'SERVICE', {
    auth_method: 'CLIENT_SECRET',
    secrets: JSON.stringify(secrets.slice(0, 2)),
  });
  await register('a-former', 'SERVICE', { auth_method: 'CLIENT_SECRET', secrets: JSON.stringify(secrets.slice(2)) });
  await register('a-partner', 'WEB', { auth_method: 'NONE', redirect_uris: ['https://partner.example/in'] });
});
afterAll(() => world?.app.stop());
const register = (id: string, kind: string, more: Record<string, unknown>) => {
  const row: Record<string, unknown> = {
    id: randomUUID(),
    client_id: id,
    name: id,
    kind,
    scopes: ['users:read', 'email'],
    ...more,
  };
  const names = Object.keys(row);
  return world.app.database.sql(
    `insert into clients (${names.join(', ')}) values (${names.map((_name, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  );
};
const ask = (fields: Record<string, string>, headers = {}) =>
  call(instances, '/oauth/token', { grant_type: 'client_credentials', ...fields }, headers);
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

describe('a service', () => {
  it('gets a token by its secret, in the header or in the body, and no refresh token', async () => {
    for (const answer of [
      await ask({}, basic('a-service', 'new-secret')),
      await ask({}, basic('a-service', 'old-secret')),
      await ask({ client_id: 'a-service', client_secret: 'new-secret' }),
    ]) {
      expect(answer).toMatchObject({
        status: 200,
        body: { token_type: 'Bearer', scope: 'users:read', expires_in: 600 },
      });
      expect(answer.body.refresh_token).toBeUndefined();
      expect(decodeJwt(answer.body.access_token)).toMatchObject({
        sub: 'a-service',
        client_id: 'a-service',
        aud: 'tandem',
        scope: 'users:read',
      });
    }
  });
  it('gets what it is registered for, and no more', async () => {
    const { body } = await ask({ scope: 'users:read users:write api' }, basic('a-service', 'new-secret'));
    expect(body.scope).toBe('users:read');
  });
  it.each<[string, () => Promise<{ status: number; body: any }>]>([
    ['with a wrong secret', () => ask({}, basic('a-service', 'wrong'))],
    ['with none', () => ask({ client_id: 'a-service' })],
    ['with the hash of its secret', () => ask({}, basic('a-service', hash('new-secret')))],
    ['with a secret whose time is over', () => ask({}, basic('a-former', 'past-secret'))],
    ['that nobody knows', () => ask({}, basic('nobody', 'new-secret'))],
    ['with what a secret stands as when there is none', () => ask({}, basic('a-former', 'none'))],
  ])('%s gets none', async (_name, asked) => {
    const { status, body } = await asked();
    expect([status, body.error]).toEqual([401, 'invalid_client']);
  });
  it('that signs with its key gets a token, once for each assertion', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
    await register('a-signer', 'SERVICE', { auth_method: 'PRIVATE_KEY_JWT', jwks: JSON.stringify({ keys: [jwk] }) });
    const assertion = (audience = instances.publicUrl) =>
      new SignJWT({ iss: 'a-signer', sub: 'a-signer', aud: audience, jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuedAt()
        .setExpirationTime('1 m')
        .sign(privateKey);
    const show = (text: string) =>
      ask({
        client_id: 'a-signer',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: text,
      });
    const first = await assertion();
    expect((await show(first)).status).toBe(200);
    expect(await show(first)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await show(await assertion('https://evil.example'))).status).toBe(401);
  });
  it('that was disabled gets none', async () => {
    await world.app.database.sql(`update clients set is_disabled = true where client_id = 'a-service'`);
    expect((await ask({}, basic('a-service', 'new-secret'))).status).toBe(401);
  });
});

it('an application of somebody else asks for consent, and for nothing that it is not registered for', async () => {
  const browser = new Browser(instances);
  const request = {
    clientId: 'a-partner',
    redirectUri: 'https://partner.example/in',
    scope: 'openid email users:read',
  };
  const { left } = await browser.follow(authorizationUrl(request, pkce().challenge));
  const next = await browser.follow(await finishSignIn(world.app, left!, world.ids.ada));
  // The second prompt: the browser is signed in, and the code is not given.
  expect(next.left!.pathname).toMatch(/^\/sign-in\//);
  expect(next.left!.pathname).not.toBe(left!.pathname);
  const greedy = authorizationUrl({ ...request, scope: 'openid profile' }, pkce().challenge);
  expect((await browser.follow(greedy)).left!.searchParams.get('error')).toBe('invalid_scope');
});
