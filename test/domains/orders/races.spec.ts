import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import { startWorldOf } from '#test/harness/world.js';
import { apis, atOnce, tally } from '#test/races/parallel.js';
import { CountingDatabase } from '#test/races/repeated.js';
import { ordersTests } from './orders.tests.js';
import { raceForTheLastPieces, raceOfCancels, raceOfDrafts, raceOfMixedLines } from './races.js';
import type { OrdersWorld } from './world.js';

let world: OrdersWorld;
beforeAll(async () => {
  world = await startWorldOf(ordersTests, {
    override: (builder) => builder.overrideProvider(Database).useClass(CountingDatabase),
  });
});
afterAll(() => world.app.stop());
const timeout = 60_000;

describe.each(apis)('over %s', (api) => {
  it('fifty orders for the last ten pieces: ten are placed, the others are told', { timeout }, async () => {
    expect(await raceForTheLastPieces(world, api)).toEqual({
      told: { OK: 10, OUT_OF_STOCK: 40 },
      reasons: ['lines.0.quantity MAX'],
      state: { stock: 0, placed: 10, drafts: 0, whole: 10 },
    });
  });
  it('fifty drafts that are placed at once: ten are placed, the others stay drafts', { timeout }, async () => {
    expect(await raceOfDrafts(world, api)).toEqual({
      told: { OK: 10, OUT_OF_STOCK: 40 },
      state: { stock: 0, placed: 10, drafts: 40, whole: 10 },
    });
  });
  it('orders whose lines stand in different orders do not wait for each other for ever', { timeout }, async () => {
    const { told, states } = await raceOfMixedLines(world, api);
    expect(told).toEqual({ OK: 30, OUT_OF_STOCK: 10 });
    const state = { stock: 0, placed: 30, drafts: 0, whole: 30 };
    expect(states).toEqual([state, state, state]);
    expect(CountingDatabase.repeated).toBe(0);
  });
  it('ten cancels of one order give its pieces back once', { timeout }, async () => {
    expect(await raceOfCancels(world, api)).toEqual({
      told: { OK: 1, ORDER_MOVE_NOT_POSSIBLE: 9 },
      returned: [1, 2, 0],
      history: 2,
    });
  });
});
it('lines that are set at once are all there, and the total is theirs', { timeout }, async () => {
  const { clients, app } = world;
  const id = (await clients.ada.post('/v1/orders', { lines: [{ productId: world.productIds[0], quantity: 1 }] })).body
    .id as string;
  const more = await Promise.all(Array.from({ length: 10 }, (_, i) => world.makeProduct({ priceAmount: 100 + i })));
  const calls = more.map((productId) => ({
    method: 'PUT',
    path: `/v1/orders/${id}/lines/${productId}`,
    body: { quantity: 2 },
    mutation: '',
    types: '',
    variables: {},
    selection: '',
  }));
  expect(tally(await atOnce(clients.ada, 'REST', calls))).toEqual({ OK: 10 });
  const { body } = await clients.ada.get(`/v1/orders/${id}`);
  expect(body).toMatchObject({ version: 11, total: { amount: 100 + 2 * (10 * 100 + 45) }, lines: { length: 11 } });
  expect(body.lines.map((line: { position: number }) => line.position)).toEqual(
    Array.from({ length: 11 }, (_, i) => i + 1),
  );
  const [{ sum }] = await app.database.sql(
    'select sum(total_amount)::int as sum from order_lines where order_id = $1',
    [id],
  );
  expect(sum).toBe(body.total.amount);
});
it('no transaction was broken off to be run again, and nobody was given what is another’s', () => {
  expect(CountingDatabase.repeated).toBe(0);
  expect(world.app.sniffer.leaks).toEqual([]);
});
