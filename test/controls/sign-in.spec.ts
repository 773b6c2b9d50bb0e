// Takes away by whom clients are told, proofs are counted and people are watched, and sees the harm.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditReports } from '#libs/audit/audit-reports.js';
import { AccessState } from '#libs/authn/access-state.js';
import { Actor } from '#libs/authz/actor.js';
import * as clientOrigins from '#libs/oidc/client-origins.js';
import { Issuer } from '#libs/oidc/issuer.js';
import { LogoutNotices, type EndedSession } from '#libs/oidc/logout-notices.js';
import { FormBrowser } from '#libs/testing/form-browser.js';
import type { TestClient } from '#libs/testing/clients.js';
import * as actingSession from '#src/identity/sessions/acting-session.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { startWorld, type World } from '#test/harness/world.js';
import {
  authorizationUrl,
  Browser,
  call,
  Instances,
  mobile,
  originAllowedTo,
  pkce,
  signIn,
  web,
} from '#test/issuer/client.js';
import { ClientKey, RemoteKeys } from '#test/issuer/keys.js';

let world: World;
let instances: Instances;
async function start(env: Record<string, string> = {}) {
  world = await startWorld({ env });
  instances = new Instances([world.app]);
}
afterEach(async () => {
  vi.restoreAllMocks();
  await world.app.stop();
});

it('an app’s scheme that counts as an origin lets a page of whomever read the answers', async () => {
  await start();
  expect(await originAllowedTo(instances, mobile.clientId, 'null')).toBeNull();
  const blind = (uris: readonly string[], origin: string) => uris.some((uri) => URL.parse(uri)?.origin === origin);
  vi.spyOn(clientOrigins, 'isOriginOf').mockImplementation(blind);
  expect(await originAllowedTo(instances, mobile.clientId, 'null')).toBe('null');
});

it('an assertion that nobody notes is good for whoever has seen it', async () => {
  await start();
  const key = await ClientKey.create('ES256');
  await world.app.database.sql(
    `insert into clients (id, client_id, name, kind, auth_method, scopes, jwks)
     values ($1, 'a-signer', 'Signer', 'SERVICE', 'PRIVATE_KEY_JWT', '{users:read}', $2)`,
    [randomUUID(), JSON.stringify({ keys: [key.publicJwk] })],
  );
  const shownTwice = async () => {
    const fields = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await key.assertion('a-signer', instances.publicUrl),
    };
    return [
      (await call(instances, '/oauth/token', fields)).status,
      (await call(instances, '/oauth/token', fields)).status,
    ];
  };
  expect(await shownTwice()).toEqual([200, 401]);
  world.app.app.get(Issuer).current.ReplayDetection.unique = async () => true;
  expect(await shownTwice()).toEqual([200, 200]);
});

describe('back-channel logout', () => {
  let receiver: Server;
  let received: string[];
  beforeEach(async () => {
    received = [];
    receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        received.push(new URLSearchParams(body).get('logout_token') ?? '');
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    await start({ ROLE: 'all', EGRESS_ALLOW: '127.0.0.1/32' });
    const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/logout`;
    await world.app.database.sql(
      `insert into clients (id, client_id, name, kind, auth_method, is_first_party, redirect_uris, scopes, backchannel_logout_uri)
       values ($1, 'a-partner', 'Partner', 'WEB', 'NONE', true, '{https://partner.example/in}', '{users:read}', $2)`,
      [randomUUID(), address],
    );
  });
  afterEach(() => void receiver.close());
  /** Ends a session of the client; gives how many notices of it were sent. */
  async function ended(): Promise<number> {
    const request = { clientId: 'a-partner', redirectUri: 'https://partner.example/in', scope: 'openid' };
    const { id_token: token, refresh_token: refreshing } = await signIn(new Browser(instances), world.ids.ada, request);
    await call(instances, '/oauth/revoke', { client_id: request.clientId, token: refreshing });
    const rows = await world.app.database.sql(
      `select 1 from jobs.job where name = 'issuer.logout-notice' and data -> 'payload' ->> 'id' = $1`,
      [decodeJwt(token).sid],
    );
    return rows.length;
  }
  const verified = async () => {
    await expect.poll(() => received.length, { timeout: 30_000 }).toBe(1);
    return new RemoteKeys(instances).verify(received[0], { audience: 'a-partner', typ: 'logout+jwt' });
  };
  it('that is not sent leaves the client to go on', async () => {
    expect(await ended()).toBe(1);
    vi.spyOn(LogoutNotices.prototype, 'send').mockResolvedValue(undefined);
    expect(await ended()).toBe(0);
  });
  it('that is signed is taken by whoever checks it', async () => {
    await ended();
    expect(await verified()).toMatchObject({ sub: world.ids.ada });
  });
  it('that is not signed is not', async () => {
    const notices = LogoutNotices.prototype as unknown as { tokenFor(ended: EndedSession): Promise<string> };
    vi.spyOn(notices, 'tokenFor').mockImplementation(async ({ id, accountId, clientId }) =>
      new UnsecuredJWT({ sid: id, sub: accountId })
        .setIssuer(instances.publicUrl)
        .setAudience(clientId)
        .setIssuedAt()
        .setExpirationTime('2m')
        .encode(),
    );
    await ended();
    await expect(verified()).rejects.toThrow();
  });
});

describe('acting as somebody', () => {
  const looking = async (id: string) => {
    const { body } = await world.clients.support.post(`/v1/users/${id}/act-as`, { reason: 'For the test' });
    const headers = { authorization: `Bearer ${body.accessToken}` };
    return { rename: () => world.app.anonymous.patch('/v1/users/me', { displayName: 'x' }, headers) };
  };
  const supporterWith = (token: string) => ({
    post: (path: string, body?: object) => world.app.anonymous.post(path, body, { authorization: `Bearer ${token}` }),
  });
  const sessionsOf = async (customer: TestClient) => (await customer.get('/v1/sessions')).body.data.length as number;
  it('without being read-only changes what is theirs', async () => {
    await start();
    const { rename } = await looking(await world.makeUser());
    expect((await rename()).status).toBe(403);
    vi.spyOn(Actor.prototype, 'isReadOnly', 'get').mockReturnValue(false);
    expect((await rename()).status).toBe(200);
  });
  it('with more scopes than they were given reads what nobody let them', async () => {
    await start();
    const { issuer, anonymous } = world.app;
    const narrow = { authorization: `Bearer ${await issuer.token(world.ids.support, { scope: 'users:write' })}` };
    const id = await world.makeUser();
    const readsSessions = async () => {
      const { body } = await anonymous.post(`/v1/users/${id}/act-as`, { reason: 'For the test' }, narrow);
      return (await anonymous.get('/v1/sessions', { authorization: `Bearer ${body.accessToken}` })).status;
    };
    expect(await readsSessions()).toBe(403);
    vi.spyOn(Actor.prototype, 'scope', 'get').mockReturnValue('api');
    expect(await readsSessions()).toBe(200);
  });
  it('goes on after the supporter has signed out where nobody looks at that session', async () => {
    await start();
    const id = await world.makeUser({ roles: ['customer', 'support'] });
    const { access_token: token } = await signIn(new Browser(instances), id, mobile);
    const { post } = supporterWith(token);
    const { body } = await post(`/v1/users/${await world.makeUser()}/act-as`, { reason: 'For the test' });
    const status = async () =>
      (await world.app.anonymous.get('/v1/users/me', { authorization: `Bearer ${body.accessToken}` })).status;
    const { gid } = decodeJwt(token);
    await post(`/v1/sessions/${gid as string}/end`);
    expect(await status()).toBe(401);
    const state = world.app.app.get(AccessState);
    const isEnded = state.isEnded.bind(state);
    vi.spyOn(state, 'isEnded').mockImplementation((session) => session !== gid && isEnded(session));
    expect(await status()).toBe(200);
  });
  it('without a session is seen and ended by nobody', async () => {
    await start();
    const id = await world.makeUser();
    const customer = await world.app.as('customer', id);
    const text = 'select 1 where ($1::uuid, $2::uuid, $3::text, $4::uuid, $5::timestamptz) is null';
    const sabotage = vi
      .spyOn(actingSession, 'actingSessionStatement', 'get')
      .mockReturnValue({ name: 'forgets', text });
    await looking(id);
    expect(await sessionsOf(customer)).toBe(0);
    sabotage.mockRestore();
    await looking(id);
    expect(await sessionsOf(customer)).toBe(1);
  });
});

it('sign-ins that nobody writes down are in no trail', async () => {
  await start({ PUBLIC_URL: 'http://tandem.test' });
  const { app, database } = world.app;
  const id = await world.makeUser();
  const password = 'correct horse battery';
  await database.sql('insert into passwords (user_id, hash) values ($1, $2)', [
    id,
    await app.get(PasswordHashes).hash(password),
  ]);
  const signedIn = async () => {
    const browser = new FormBrowser(world.app.url, instances.publicUrl);
    const page = await browser.get(authorizationUrl(web, pkce().challenge));
    await browser.submit(page, { email: `user-${id}@tandem.example`, password });
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    const rows = await database.sql(
      `select 1 from audit_entries where action = 'sign-in.succeed' and subject_id = $1`,
      [id],
    );
    return rows.length;
  };
  expect(await signedIn()).toBe(1);
  vi.spyOn(AuditReports.prototype, 'report').mockResolvedValue(undefined);
  expect(await signedIn()).toBe(1);
});
