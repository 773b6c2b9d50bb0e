import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { TestClient } from '#libs/testing/clients.js';
import { secretMatches, type KeptSecret } from '#src/clients/client-keys.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorldOf } from '#test/harness/world.js';
import { clientsTests } from '#test/domains/clients/clients.tests.js';
import type { ClientsWorld } from '#test/domains/clients/world.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';

type W = ClientsWorld & OrdersWorld;
let world: W;
beforeAll(async () => {
  world = (await startWorldOf(clientsTests)) as W;
});
afterAll(() => world?.app.stop());

const tokenOf = (clientId: string, claims: object = {}) =>
  world.app.issuer.token(clientId, { client_id: clientId, ...claims });
const as = async (clientId: string, claims: object = {}) =>
  new TestClient(world.app.url, 'support', await tokenOf(clientId, claims), world.app.sniffer);
const codeOf = async (client: TestClient, path = '/v1/orders?limit=1') => {
  const { status, body } = await client.get(path);
  return status === 200 ? 'OK' : (body.error.code as string);
};

describe('a service', () => {
  it('does what its roles let it, in its own name', async () => {
    const service = await as((await world.makeClient()).clientId);
    const id = await world.makeOrder('PLACED');
    const { status, body } = await service.post(`/v1/orders/${id}/confirm`);
    expect([status, body.status]).toEqual([200, 'CONFIRMED']);
    expect((await service.graphql(`{ order(id: "${id}") { id } }`)).data.order.id).toBe(id);
  });
  it('has no account, and nothing that every account has', async () => {
    const service = await as((await world.makeClient()).clientId);
    for (const [method, path] of [
      ['GET', '/v1/users/me'],
      ['PATCH', '/v1/users/me'],
    ] as const)
      expect((await service.rest(method, path, { body: method === 'PATCH' ? {} : undefined })).body.error.code).toBe(
        'ACCOUNT_REQUIRED',
      );
    expect((await service.graphql('{ me { id } }')).code).toBe('ACCOUNT_REQUIRED');
    expect(await codeOf(service, '/v1/notifications')).toBe('FORBIDDEN');
    const bare = await as((await world.makeClient('service', { roles: [] })).clientId);
    expect(await codeOf(bare)).toBe('FORBIDDEN');
    expect(await codeOf(bare, '/v1/products?limit=1')).toBe('OK');
  });
  it('makes no orders: they belong to accounts', async () => {
    const admin = await as((await world.makeClient('service', { roles: ['admin'] })).clientId);
    const lines = [{ productId: world.productIds[0], quantity: 1 }];
    expect((await admin.post('/v1/orders', { lines })).body.error.code).toBe('ACCOUNT_REQUIRED');
  });
  it('is limited to the scopes of its token', async () => {
    const { clientId } = await world.makeClient();
    expect(await codeOf(await as(clientId, { scope: 'users:read' }))).toBe('INSUFFICIENT_SCOPE');
    expect(await codeOf(await as(clientId, { scope: 'orders:read' }))).toBe('OK');
  });
  it.each<[string, (clientId: string) => Promise<TestClient>]>([
    ['there is none of the name', () => as('app-nobody')],
    ['another client says so', (clientId) => as(clientId, { client_id: 'app-other' })],
    ['it is no service but an app', async () => as((await world.makeClient('web', { is_disabled: false })).clientId)],
    ['its subject is the id of its row', async () => as((await world.makeClient()).id)],
  ])('is nobody when %s', async (_name, make) => {
    expect(await codeOf(await make((await world.makeClient()).clientId))).toBe('TOKEN_INVALID');
  });
});

describe('a client that is disabled', () => {
  it('may do nothing more, nor may those who signed in to it, on every instance within two seconds', async () => {
    const { id, clientId } = await world.makeClient();
    const other = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
    try {
      const service = await as(clientId);
      const user = new TestClient(
        other.url,
        'ada',
        await world.app.issuer.token(world.ids.ada, { client_id: clientId }),
        world.app.sniffer,
      );
      const elsewhere = new TestClient(other.url, 'support', await tokenOf(clientId), world.app.sniffer);
      for (const one of [service, user, elsewhere]) expect(await codeOf(one)).toBe('OK');
      expect((await world.clients.admin.post(`/v1/clients/${id}/disable`)).status).toBe(200);
      expect(await codeOf(service)).toBe('CLIENT_DISABLED');
      for (const one of [user, elsewhere])
        await expect.poll(() => codeOf(one), { timeout: 10_000, interval: 50 }).toBe('CLIENT_DISABLED');
      expect((await world.clients.admin.post(`/v1/clients/${id}/enable`)).status).toBe(200);
      expect(await codeOf(service)).toBe('OK');
    } finally {
      await other.stop();
    }
  });
  it('or deleted for good, and nobody gets its name again', async () => {
    const { id, clientId } = await world.makeClient();
    const service = await as(clientId);
    expect(await codeOf(service)).toBe('OK');
    expect((await world.clients.admin.delete(`/v1/clients/${id}`)).status).toBe(204);
    expect(await codeOf(service)).toBe('CLIENT_DISABLED');
    const again = await world.clients.admin.post('/v1/clients', { id: uuidv7(), clientId, name: 'A', kind: 'SERVICE' });
    expect(again.body.error.code).toBe('CLIENT_ID_TAKEN');
  });
  it('and one whose roles change has the new ones at once', async () => {
    const { id, clientId } = await world.makeClient();
    const service = await as(clientId);
    expect(await codeOf(service, '/v1/users?limit=1')).toBe('OK');
    expect((await world.clients.admin.patch(`/v1/clients/${id}`, { roles: [] })).status).toBe(200);
    expect(await codeOf(service, '/v1/users?limit=1')).toBe('FORBIDDEN');
  });
});

describe('secrets', () => {
  it('are shown once, two are valid at once, and none is kept', async () => {
    const { id } = await world.makeClient();
    const rotate = (input?: object) => world.clients.admin.post(`/v1/clients/${id}/rotate-secret`, input);
    const [first, second, third] = [await rotate(), await rotate(), await rotate({ keepPreviousForHours: 0 })];
    expect(first.body.previousExpiresAt).toBeNull();
    expect(Date.parse(second.body.previousExpiresAt as string)).toBeGreaterThan(Date.now());
    expect(third.body.previousExpiresAt).toBeNull();
    const kept = async () =>
      (await world.app.database.sql<{ secrets: KeptSecret[] }>('select secrets from clients where id = $1', [id]))[0]
        .secrets;
    const now = new Date();
    expect(await kept()).toHaveLength(1);
    expect(secretMatches(await kept(), third.body.secret as string, now)).toBe(true);
    expect(secretMatches(await kept(), second.body.secret as string, now)).toBe(false);
    const fourth = await rotate();
    for (const { body } of [third, fourth]) expect(secretMatches(await kept(), body.secret as string, now)).toBe(true);
    const shown = await world.clients.admin.get(`/v1/clients/${id}`);
    for (const text of [shown.text, JSON.stringify(await kept())])
      for (const { body } of [third, fourth]) expect(text).not.toContain(body.secret);
    expect(shown.text).not.toMatch(/secrets|hash/);
  });
});
