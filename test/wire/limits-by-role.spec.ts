import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import type { OrdersWorld } from '#test/domains/orders/world.js';
import { startWorldOf } from '#test/harness/world.js';
import { limitsByRole, page } from './checks.js';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests, { env: { GRAPHQL_LIMITS: limitsByRole } });
  // The first connection to the database may take longer than a request waits for one.
  while ((await world.clients.ada.graphql(page(1))).code === 'UNAVAILABLE') await delay(50);
});
afterAll(() => world.app.stop());

const codes = async (document: string) => {
  const names = ['anonymous', 'ada', 'support', 'manager', 'admin'] as const;
  const found: (string | undefined)[] = [];
  for (const name of names) found.push((await world.clients[name].graphql(document)).code);
  return found;
};
const tooFar = 'QUERY_TOO_COMPLEX';

describe('limits by role', () => {
  it('let everybody ask as much as the roles allow', async () => {
    expect(await codes(page(1))).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(await codes(page(10))).toEqual([tooFar, undefined, undefined, undefined, undefined]);
    expect(await codes(page(40))).toEqual([tooFar, tooFar, undefined, undefined, undefined]);
    expect(await codes(page(90))).toEqual([tooFar, tooFar, tooFar, undefined, undefined]);
    expect(await codes('{ products(first: 100) { nodes { id name sku description } } }')).toEqual(
      Array(5).fill(tooFar),
    );
  });
  it('hold for compiled documents and by hash, each time', async () => {
    for (let i = 0; i < 5; i++)
      expect(await codes(page(41))).toEqual([tooFar, tooFar, undefined, undefined, undefined]);
  });
  it('refuse before anything is read', async () => {
    for (const name of ['ada', 'support'] as const) await world.clients[name].graphql('{ me { id } }');
    const sent = await world.app.statements(async () => {
      for (const name of ['anonymous', 'ada', 'support'] as const)
        expect((await world.clients[name].graphql(page(90))).code, name).toBe(tooFar);
    });
    expect(sent).toBe(0);
  });
  it('of nobody refuse without asking who it is', async () => {
    const stranger = await world.app.as('stranger', await world.makeUser());
    const wrong = { authorization: 'Bearer nonsense' };
    const sent = await world.app.statements(async () => {
      expect((await stranger.graphql(page(100))).code).toBe(tooFar);
      expect((await world.app.anonymous.graphql(page(100), {}, wrong)).code).toBe(tooFar);
    });
    expect(sent).toBe(0);
  });
  it('ask who it is where that decides', async () => {
    const wrong = { authorization: 'Bearer nonsense' };
    const answer = await world.app.anonymous.graphql(page(40), {}, wrong);
    expect([answer.status, answer.code]).toEqual([401, 'TOKEN_INVALID']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    const newcomer = await world.app.as('newcomer', await world.makeUser({ roles: ['customer', 'support'] }));
    expect((await newcomer.graphql(page(40))).code).toBeUndefined();
    const suspended = await world.clients.suspended.graphql(page(40));
    expect([suspended.status, suspended.code]).toEqual([403, 'ACCOUNT_SUSPENDED']);
  });
});
