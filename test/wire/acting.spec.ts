import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import { TestClient } from '#libs/testing/clients.js';
import { PasswordChange } from '#src/identity/passwords/password-change.js';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorldOf } from '#test/harness/world.js';
import { Browser, call, Instances, mobile, signIn, type Tokens } from '#test/issuer/client.js';
import { ProofKey } from '#test/issuer/proofs.js';

let world: OrdersWorld;
let other: TestApp;
let instances: Instances;
beforeAll(async () => {
  world = await startWorldOf(ordersTests);
  other = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
  instances = new Instances([world.app, other]);
});
afterAll(async () => {
  await other?.stop();
  await world?.app.stop();
});

const reason = 'For the test';
async function actAs(id: string, by = world.clients.support, url = world.app.url) {
  const { status, body } = await by.post(`/v1/users/${id}/act-as`, { reason });
  expect(status).toBe(200);
  const token = body.accessToken as string;
  return { token, body, client: new TestClient(url, 'ada', token, world.app.sniffer) };
}
const codeOf = async (client: TestClient) => {
  const { status, body } = await client.get('/v1/users/me');
  return status === 200 ? 'OK' : (body.error.code as string);
};
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as Record<string, any>;

describe('support that acts as a customer', () => {
  it('has a token of 15 minutes that names both', async () => {
    const { token } = await actAs(world.ids.ada);
    const claims = claimsOf(token);
    expect(claims).toMatchObject({ sub: world.ids.ada, act: { sub: world.ids.support }, scope: 'api' });
    expect(claims.gid).toMatch(/^[\w-]{8,}$/);
    expect(claims.exp - claims.iat).toBeLessThanOrEqual(15 * 60);
  });
  it('has the scopes of the token that it was asked for with, and no others', async () => {
    const scope = 'openid users:write';
    const narrow = await world.app.issuer.token(world.ids.support, { scope });
    const { token, client } = await actAs(
      world.ids.ada,
      new TestClient(world.app.url, 'support', narrow, world.app.sniffer),
    );
    expect(claimsOf(token).scope).toBe('users:write');
    expect((await client.get(`/v1/users/${world.ids.ada}`)).status).toBe(200);
    const order = await client.get(`/v1/orders/${world.orderIds.PLACED}`);
    expect([order.status, order.body.error.code]).toEqual([403, 'INSUFFICIENT_SCOPE']);
    expect((await client.graphql('{ orders { nodes { id } } }')).code).toBe('INSUFFICIENT_SCOPE');
  });
  it('is bound to the key that the token is bound to with which it was asked for', async () => {
    const key = await ProofKey.create();
    const bound = await world.app.issuer.token(world.ids.support, { cnf: { jkt: key.thumbprint } });
    const proven = async (method: string, path: string, token: string) => ({
      authorization: `DPoP ${token}`,
      dpop: await key.proof(method, world.app.issuer.issuer + path, token),
    });
    const path = `/v1/users/${world.ids.ada}/act-as`;
    const { status, body } = await world.app.anonymous.post(path, { reason }, await proven('POST', path, bound));
    expect([status, body.tokenType]).toEqual([200, 'DPoP']);
    const token = body.accessToken as string;
    expect(claimsOf(token).cnf).toEqual({ jkt: key.thumbprint });
    const ada = new TestClient(world.app.url, 'ada', undefined, world.app.sniffer);
    const shown = await ada.get('/v1/users/me', { authorization: `Bearer ${token}` });
    expect(shown.body.error.code).toBe('DPOP_PROOF_INVALID');
    expect((await ada.get('/v1/users/me', await proven('GET', '/v1/users/me', token))).body.id).toBe(world.ids.ada);
  });
  it('is a bearer token that names no session, when the one before is and does', async () => {
    const { token, body } = await actAs(world.ids.ada);
    expect(body.tokenType).toBe('Bearer');
    expect(claimsOf(token)).not.toHaveProperty('cnf');
    expect(claimsOf(token).act).toEqual({ sub: world.ids.support });
  });
  it('sees what the customer sees, and not what support sees', async () => {
    const { client } = await actAs(world.ids.ada);
    expect((await client.get('/v1/users/me')).body.id).toBe(world.ids.ada);
    expect((await client.get(`/v1/orders/${world.orderIds.PLACED}`)).status).toBe(200);
    expect((await client.get(`/v1/orders/${world.graceOrderId}`)).body.error.code).toBe('ORDER_NOT_FOUND');
    expect((await client.graphql('{ me { id orders { nodes { id } } } }')).data.me.id).toBe(world.ids.ada);
  });
  it('changes nothing, by whatever method', async () => {
    const { client } = await actAs(world.ids.ada);
    const lines = [{ productId: world.productIds[0], quantity: 1 }];
    for (const answer of [
      await client.patch('/v1/users/me', { displayName: 'x' }),
      await client.post('/v1/orders', { lines }),
      await client.post(`/v1/orders/${world.orderIds.PLACED}/cancel`),
      await client.post(`/v1/users/${world.ids.grace}/act-as`, { reason }),
    ])
      expect([answer.status, answer.body.error.code]).toEqual([403, 'ACTING_IS_READ_ONLY']);
    expect((await client.graphql('mutation { updateMe(input: { displayName: "x" }) { id } }')).code).toBe(
      'ACTING_IS_READ_ONLY',
    );
    expect((await client.graphql('query { me { id } } mutation M { updateMe(input: {}) { id } }')).code).toBeDefined();
  });
  it('is told to the customer and to the audit trail, with the reason', async () => {
    const id = await world.makeUser();
    const { token } = await actAs(id);
    const { gid } = claimsOf(token);
    const { database } = world.app;
    expect(await database.sql('select topic, data from notifications where user_id = $1', [id])).toEqual([
      { topic: 'support.acted', data: expect.objectContaining({ gid }) },
    ]);
    const told = await database.sql(
      `select actor, subject_id, after from audit_entries where action = 'user.act-as' and subject_id = $1`,
      [id],
    );
    expect(told).toEqual([
      { actor: `user:${world.ids.support}`, subject_id: id, after: expect.objectContaining({ reason, gid }) },
    ]);
  });
});

describe('acting ends, on every instance', () => {
  const supporter = async () => {
    const id = await world.makeUser({ roles: ['customer', 'support'] });
    return { id, by: await world.app.as('support', id) };
  };
  const clientOf = ({ access_token: token }: Tokens) =>
    new TestClient(world.app.url, 'support', token, world.app.sniffer);
  it.each<[string, string]>([
    ['supporter is suspended', `update users set status = 'SUSPENDED' where id = $1`],
    ['supporter loses the right', `update users set roles = '{customer}' where id = $1`],
    ['supporter is deleted', 'update users set deleted_at = now() where id = $1'],
  ])('when the %s', async (_name, change) => {
    const { id, by } = await supporter();
    const { client } = await actAs(world.ids.ada, by, other.url);
    expect(await codeOf(client)).toBe('OK');
    await world.app.database.sql(change, [id]);
    await expect.poll(() => codeOf(client), { timeout: 10_000, interval: 50 }).toBe('TOKEN_INVALID');
  });
  it.each<[string, (tokens: Tokens, id: string) => Promise<unknown>]>([
    ['is ended', (tokens) => clientOf(tokens).post(`/v1/sessions/${claimsOf(tokens.access_token).gid as string}/end`)],
    [
      'is signed out of',
      ({ refresh_token: token }) => call(instances, '/oauth/revoke', { token, client_id: mobile.clientId }),
    ],
    [
      'is ended by a new password',
      (_tokens, id) =>
        world.app.app
          .get(Database)
          .transaction((em) => world.app.app.get(PasswordChange, { strict: false }).to(em, id, 'a hash')),
    ],
  ])('when the session in which the supporter asked for it %s', async (_name, end) => {
    const { id } = await supporter();
    const tokens = await signIn(new Browser(instances), id, mobile);
    const { client, token } = await actAs(world.ids.ada, clientOf(tokens), other.url);
    expect(claimsOf(token).act).toEqual({ sub: id, gid: claimsOf(tokens.access_token).gid });
    expect(await codeOf(client)).toBe('OK');
    await end(tokens, id);
    await expect.poll(() => codeOf(client), { timeout: 10_000, interval: 50 }).toBe('TOKEN_INVALID');
  });
  it('and not when another session of the supporter does', async () => {
    const { id } = await supporter();
    const [tokens, another] = [
      await signIn(new Browser(instances), id, mobile),
      await signIn(new Browser(instances), id, mobile),
    ];
    const { client } = await actAs(world.ids.ada, clientOf(tokens), other.url);
    const gid = claimsOf(another.access_token).gid as string;
    expect((await clientOf(tokens).post(`/v1/sessions/${gid}/end`)).status).toBe(200);
    const ended = new TestClient(other.url, 'support', another.access_token, world.app.sniffer);
    await expect.poll(() => codeOf(ended), { timeout: 10_000, interval: 50 }).toBe('TOKEN_INVALID');
    expect(await codeOf(client)).toBe('OK');
  });
  it('without a statement a request', async () => {
    const { id } = await supporter();
    const tokens = await signIn(new Browser(instances), id, mobile);
    const [{ client }, { client: plain }] = [await actAs(world.ids.ada, clientOf(tokens)), await actAs(world.ids.ada)];
    const ask = (one: TestClient) => world.app.statements(() => one.get('/v1/users/me'));
    await ask(client);
    await ask(plain);
    expect(await ask(client)).toBe(await ask(plain));
  });
  it.each<[string, string]>([
    ['becomes staff', `update users set roles = '{customer,manager}' where id = $1`],
    ['is suspended', `update users set status = 'SUSPENDED' where id = $1`],
  ])('when the customer %s', async (_name, change) => {
    const id = await world.makeUser();
    const { client } = await actAs(id, world.clients.support, other.url);
    expect(await codeOf(client)).toBe('OK');
    await world.app.database.sql(change, [id]);
    await expect.poll(() => codeOf(client), { timeout: 10_000, interval: 50 }).toBe('TOKEN_INVALID');
  });
  it('when the customer ends it, who sees it among their sessions', async () => {
    const id = await world.makeUser();
    const { client, token } = await actAs(id, world.clients.support, other.url);
    expect(await codeOf(client)).toBe('OK');
    const customer = await world.app.as('customer', id);
    const { body } = await customer.get('/v1/sessions');
    expect(body.data).toEqual([expect.objectContaining({ id: claimsOf(token).gid, isActing: true, ip: '' })]);
    expect((await customer.post(`/v1/sessions/${body.data[0].id}/end`)).status).toBe(200);
    await expect.poll(() => codeOf(client), { timeout: 10_000, interval: 50 }).toBe('TOKEN_INVALID');
  });
});
