// Weaknesses: a client that goes on for somebody whose session is over, because nobody told it, or told it once while it was down.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startWorld, type World } from '#test/harness/world.js';
import { Database } from '#libs/database/database.js';
import { Sessions } from '#libs/oidc/sessions.js';
import { Browser, call, Instances, signIn, type Request } from './client.js';

let world: World;
let instances: Instances;
let receiver: Server;
let accountId: string;
/** Logout tokens in the order in which they came. */
let received: string[];
/** Statuses of the next answers; then 200. */
let answers: number[];
const partner: Request = {
  clientId: 'a-partner',
  redirectUri: 'https://partner.example/in',
  scope: 'openid',
};

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  world = await startWorld({ env: { ROLE: 'all', EGRESS_ALLOW: '127.0.0.1' } });
  instances = new Instances([world.app]);
  accountId = randomUUID();
  await world.app.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Somebody')`, [
    accountId,
    `${accountId}@example.com`,
  ]);
  await world.app.database.sql(
    `insert into clients (id, client_id, name, kind, auth_method, is_first_party, redirect_uris, scopes, backchannel_logout_uri)
     values ($1, 'a-partner', 'Partner', 'WEB', 'NONE', true, $2, $3, $4)`,
    [randomUUID(), [partner.redirectUri], ['users:read'], `http://127.0.0.1:${port}/logout`],
  );
});
afterAll(async () => {
  await world?.app.stop();
  receiver?.close();
});
beforeEach(() => {
  received = [];
  answers = [];
});
const sidOf = (idToken: string) => decodeJwt(idToken).sid as string;
const end = (id: string) =>
  world.app.app.get(Database).transaction((em) =>
    world.app.app
      .get(Sessions)
      .end(em, [id], 'ENDED_BY_USER')
      .then(() => undefined),
  );
async function verified(token: string) {
  const keys = (await (await instances.fetch('/oauth/jwks')).json()) as JSONWebKeySet;
  return jwtVerify(token, createLocalJWKSet(keys), {
    issuer: instances.publicUrl,
    audience: partner.clientId,
    typ: 'logout+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['iat', 'exp', 'jti'],
  });
}

it('tells of a session that was ended, with a token that says whose', async () => {
  const { id_token } = await signIn(new Browser(instances), accountId, partner);
  await end(sidOf(id_token));
  await expect.poll(() => received.length, { timeout: 30_000 }).toBe(1);
  const { payload } = await verified(received[0]);
  expect(payload).toMatchObject({
    sub: accountId,
    sid: sidOf(id_token),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  expect(payload.nonce).toBeUndefined();
  expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(120);
});
it('tells of a refresh token that was revoked, and goes on while the client is down', async () => {
  answers = [503, 429];
  const { id_token, refresh_token } = await signIn(new Browser(instances), accountId, partner);
  await call(instances, '/oauth/revoke', { client_id: partner.clientId, token: refresh_token });
  const tries = async () => {
    // As if the time between tries had passed.
    await world.app.database.sql(`update jobs.job set start_after = now() where state = 'retry'`);
    return received.length;
  };
  await expect.poll(tries, { timeout: 60_000 }).toBe(3);
  const told = await Promise.all(received.map(async (token) => (await verified(token)).payload));
  expect(new Set(told.map(({ sid }) => sid))).toEqual(new Set([sidOf(id_token)]));
  expect(new Set(told.map(({ jti }) => jti)).size).toBe(3);
}, 90_000);
it('gives up on a client that refuses, and tells nobody of what was rolled back', async () => {
  answers = [400];
  const { id_token } = await signIn(new Browser(instances), accountId, partner);
  const sid = sidOf(id_token);
  const undone = world.app.app.get(Database).transaction(async (em) => {
    await world.app.app.get(Sessions).end(em, [sid], 'ENDED_BY_USER');
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await end(sid);
  await expect
    .poll(
      () =>
        world.app.database
          .sql(
            `select state from jobs.job where name = 'issuer.logout-notice'
      and data -> 'payload' ->> 'id' = $1`,
            [sid],
          )
          .then((rows) => rows.map(({ state }) => state as string)),
      { timeout: 30_000 },
    )
    .toEqual(['failed']);
  expect(received).toHaveLength(1);
});
