// Weaknesses: families of refresh tokens that fork, so that a thief and the owner both go on; and the remedy that signs
// honest clients out whose answer got lost.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf } from '#libs/oidc/issuer-state.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';
import { Browser, call, codeFor, exchange, Instances, me, mobile, pkce, refresh, signIn, web } from './client.js';
import { ProofKey } from './proofs.js';
import { whileHeld } from './storms.js';

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
const start = (headers = {}) => signIn(new Browser(instances), world.ids.ada, mobile, headers);
const again = (token: string, more = {}, headers = {}) => refresh(instances, mobile.clientId, token, more, headers);
/** As if the token had been used so many seconds earlier. */
const age = (token: string, seconds: number) =>
  world.app.database.sql(
    `update issuer_state set consumed_at = consumed_at - make_interval(secs => $2) where id = $1`,
    [hashOf(token), seconds],
  );
/** Refresh tokens of the family that could be used. */
const usable = async (token: string) => {
  const [{ count }] = await world.app.database.sql(
    `select count(*)::int from issuer_state where model = 'RefreshToken' and consumed_at is null
       and grant_id = (select grant_id from issuer_state where model = 'RefreshToken' and id = $1)`,
    [hashOf(token)],
  );
  return count as number;
};

describe('a refresh token', () => {
  it('raced over two instances has one successor, which everybody gets', async () => {
    const { refresh_token: token } = await start();
    const answers = await Promise.all(Array.from({ length: 10 }, () => again(token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(10);
    expect(await usable(token)).toBe(1);
    expect((await again(answers[0].body.refresh_token)).status).toBe(200);
  });
  it('that many wait for takes one connection of each instance, and others are served', async () => {
    const { refresh_token: token } = await start();
    const { connections, others, refreshed } = await whileHeld(world, instances, token, 60);
    expect(connections).toBe(2);
    expect(new Set(others)).toEqual(new Set([200]));
    // Who waited too long for the row is told to come again.
    for (const { status, body } of refreshed) expect([200, 503], JSON.stringify(body)).toContain(status);
    expect(await usable(token)).toBe(1);
  });
  it('that is sent again at once gets the same successor and a fresh access token', async () => {
    const { refresh_token: token } = await start();
    const [first, repeated] = [await again(token), await again(token)];
    expect(repeated.body.refresh_token).toBe(first.body.refresh_token);
    expect(repeated.body.access_token).not.toBe(first.body.access_token);
    expect((await me(instances, repeated.body.access_token)).status).toBe(200);
  });
  it('that is sent again after 25 seconds ends the family', async () => {
    const { refresh_token: token } = await start();
    const { body } = await again(token);
    await age(token, 25);
    expect(await again(token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await again(body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const [session] = await world.app.database.sql(`select end_reason from sessions order by created_at desc limit 1`);
    expect(session).toEqual({ end_reason: 'REUSED' });
    for (const { app } of instances.all)
      await expect
        .poll(async () => (await fetch(`${await app.getUrl()}/v1/users/me`, bearer(body.access_token))).status, {
          timeout: 10_000,
        })
        .toBe(401);
  });
  it('that is sent again once its successor was used ends the family', async () => {
    const { refresh_token: token } = await start();
    const { body } = await again(token);
    const latest = await again(body.refresh_token);
    expect(latest.status).toBe(200);
    expect((await again(token)).status).toBe(400);
    expect((await again(latest.body.refresh_token)).status).toBe(400);
  });
  it('of another client is of no use, and goes on where it belongs', async () => {
    const { refresh_token: token } = await start();
    expect((await refresh(instances, web.clientId, token)).body).toMatchObject({ error: 'invalid_grant' });
    const { body } = await again(token);
    expect((await refresh(instances, web.clientId, token)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await again(body.refresh_token)).status).toBe(200);
  });
  it('survives a request that was wrong otherwise', async () => {
    const { refresh_token: token } = await start();
    for (const more of [{ resource: 'https://elsewhere.example' }, { scope: 'openid users:write' }])
      expect((await again(token, more)).status).toBe(400);
    const answer = await again(token);
    expect(answer.status).toBe(200);
    // Within the grace, too.
    expect((await again(token, { resource: 'https://elsewhere.example' })).status).toBe(400);
    expect((await again(token)).body.refresh_token).toBe(answer.body.refresh_token);
  });
  it('that is bound to a key is of no use without it, also within the grace', async () => {
    const [key, stranger] = [await ProofKey.create(), await ProofKey.create()];
    const address = `${instances.publicUrl}/oauth/token`;
    const dpop = async (by: ProofKey) => ({ dpop: await by.proof('POST', address) });
    const { refresh_token: token } = await start(await dpop(key));
    expect((await again(token)).status).toBe(400);
    expect((await again(token, {}, await dpop(stranger))).status).toBe(400);
    const { body } = await again(token, {}, await dpop(key));
    expect((await again(token, {}, await dpop(stranger))).status).toBe(400);
    expect((await again(token, {}, await dpop(key))).body.refresh_token).toBe(body.refresh_token);
    expect((await again(body.refresh_token, {}, await dpop(key))).status).toBe(200);
  });
  it('is not in the database, and neither is what followed it', async () => {
    const { refresh_token: token } = await start();
    const { body } = await again(token);
    const rows = JSON.stringify(await world.app.database.sql('select * from issuer_state'));
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(body.refresh_token);
  });
  it('of somebody who was suspended meanwhile is refused', async () => {
    const id = await world.makeUser();
    const { refresh_token: token } = await signIn(new Browser(instances), id, mobile);
    await world.app.database.sql(`update users set status = 'SUSPENDED' where id = $1`, [id]);
    expect(await again(token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('a code', () => {
  const code = async () => {
    const { verifier, challenge } = pkce();
    const back = await codeFor(new Browser(instances), world.ids.ada, mobile, challenge);
    return { code: back.searchParams.get('code')!, verifier };
  };
  it('that is used twice ends what it gave', async () => {
    const { code: value, verifier } = await code();
    const first = await exchange(instances, mobile, value, verifier);
    expect(first.status).toBe(200);
    expect(await exchange(instances, mobile, value, verifier)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await again(first.body.refresh_token)).status).toBe(400);
  });
  it('raced over two instances gives at most one answer, and leaves nothing', async () => {
    const { code: value, verifier } = await code();
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(instances, mobile, value, verifier)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect((await again(given[0].body.refresh_token)).status).toBe(400);
  });
  it.each<[string, object]>([
    ['with another verifier', { code_verifier: pkce().verifier }],
    ['without a verifier', { code_verifier: '' }],
    ['for another address', { redirect_uri: 'example.tandem:/other' }],
    ['by another client', { client_id: web.clientId }],
  ])('%s is refused, and can still be used as it should be', async (_name, wrong) => {
    const { code: value, verifier } = await code();
    const right = {
      grant_type: 'authorization_code',
      client_id: mobile.clientId,
      redirect_uri: mobile.redirectUri,
      code: value,
      code_verifier: verifier,
    };
    const refused = await call(instances, '/oauth/token', { ...right, ...wrong });
    expect([refused.status, refused.body.correlationId]).toEqual([400, refused.headers.get('x-correlation-id')]);
    expect((await call(instances, '/oauth/token', right)).status).toBe(200);
  });
});
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
