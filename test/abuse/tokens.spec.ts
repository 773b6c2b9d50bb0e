// Weakness: tokens that are decoded but not verified, whose algorithm the sender chooses, or whose account is not looked at.
import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestIssuer } from '#libs/testing/issuer.js';
import { startWorld, type World } from '#test/harness/world.js';

let world: World;
let stranger: TestIssuer;
beforeAll(async () => {
  world = await startWorld();
  stranger = await TestIssuer.create();
});
afterAll(async () => {
  await world?.app.stop();
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const claimsOf = (sub: string) => {
  const { issuer: iss, audience: aud } = world.app.issuer;
  return { iss, aud, sub, iat: now(), exp: now() + 600, client_id: 'test' };
};
const header = { alg: 'ES256', typ: 'at+jwt', kid: 'test' };
const ask = async (token: string) => {
  const headers = { authorization: token.includes(' ') ? token : `Bearer ${token}` };
  const rest = await world.app.anonymous.get('/v1/users/me', headers);
  const graphql = await world.app.anonymous.graphql('{ me { id } }', {}, headers);
  return { rest: rest.body.error?.code, graphql: graphql.code, data: graphql.data?.me ?? null };
};
const admin = () => world.ids.admin;

describe('a token', () => {
  it('of an account is taken', async () => {
    expect(await ask(await world.app.issuer.token(admin()))).toEqual({
      rest: undefined,
      graphql: undefined,
      data: { id: admin() },
    });
  });
  it.each<[string, () => Promise<string> | string]>([
    [
      'whose subject was changed',
      async () => {
        const [head, , signature] = (await world.app.issuer.token(world.ids.ada)).split('.');
        return `${head}.${part(claimsOf(admin()))}.${signature}`;
      },
    ],
    ['without a signature, alg none', () => `${part({ ...header, alg: 'none' })}.${part(claimsOf(admin()))}.`],
    ['without a signature, alg NONE', () => `${part({ ...header, alg: 'NONE' })}.${part(claimsOf(admin()))}.`],
    ['with an empty signature', () => `${part(header)}.${part(claimsOf(admin()))}.`],
    [
      'signed by HS256 with our public key',
      () => {
        const pem = createPublicKey({ key: world.app.issuer.publicJwk, format: 'jwk' }).export({
          type: 'spki',
          format: 'pem',
        });
        const signed = `${part({ ...header, alg: 'HS256' })}.${part(claimsOf(admin()))}`;
        return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
      },
    ],
    ['that brings its own key', () => stranger.token(admin(), claimsOf(admin()), { jwk: stranger.publicJwk })],
    [
      'that says where its key is',
      () => stranger.token(admin(), claimsOf(admin()), { jku: 'http://127.0.0.1:1/jwks' }),
    ],
    ['signed by somebody else', () => stranger.token(admin())],
    ['of another issuer', () => world.app.issuer.token(admin(), { iss: 'http://other.test' })],
    ['for another audience', () => world.app.issuer.token(admin(), { aud: 'another-api' })],
    ['that has expired', () => world.app.issuer.token(admin(), { exp: now() - 1 })],
    ['that never expires', () => world.app.issuer.token(admin(), { exp: undefined })],
    ['that is an ID token', () => world.app.issuer.token(admin(), {}, { typ: 'JWT' })],
    ['of an account that there is not', () => world.app.issuer.token('0197f5a0-0000-7000-8000-00000000dead')],
    ['whose subject is SQL', () => world.app.issuer.token(`' or true --`)],
    ['under another scheme', async () => `Basic ${await world.app.issuer.token(admin())}`],
    ['twice', async () => `Bearer ${await world.app.issuer.token(admin())}, Bearer x`],
  ])('%s is refused by both APIs, again and again', async (_name, make) => {
    const token = await make();
    for (let i = 0; i < 2; i++)
      expect(await ask(token)).toEqual({ rest: 'TOKEN_INVALID', graphql: 'TOKEN_INVALID', data: null });
  });
  it('in the address is none', async () => {
    const token = await world.app.issuer.token(admin());
    for (const query of [`access_token=${token}`, `token=${token}`]) {
      const { status, body } = await world.app.anonymous.get(`/v1/users/me?${query}`);
      expect([status, body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
    const cookie = await world.app.anonymous.get('/v1/users/me', { cookie: `access_token=${token}; jwt=${token}` });
    expect(cookie.status).toBe(401);
  });
  it('that was good stops being so when its account is deleted or suspended', async () => {
    const { database } = world.app;
    for (const [change, codes] of [
      [`status = 'SUSPENDED'`, ['ACCOUNT_SUSPENDED']],
      ['deleted_at = now()', ['TOKEN_INVALID']],
    ] as const) {
      const id = await world.makeUser();
      const token = await world.app.issuer.token(id);
      expect((await ask(token)).data).toEqual({ id });
      await database.sql(`update users set ${change} where id = $1`, [id]);
      await expect.poll(() => ask(token).then(({ rest }) => rest), { timeout: 10_000 }).toBe(codes[0]);
      expect(await ask(token)).toMatchObject({ graphql: codes[0], data: null });
    }
  });
});
