import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestClient } from '#libs/testing/clients.js';
import type { TestApp } from '#test/harness/test-app.js';
import { orders } from '#src/orders/orders.resource.js';
import { startLists } from './list-rows.js';
import { graphqlPages, restPages, sortedIds, walk } from './walk.js';
import { flaws, Writers } from './writers.js';

let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  ({ app, admin } = await startLists(150));
});
afterAll(() => app.stop());

it.each([
  ['REST', '-createdAt', restPages],
  ['REST', 'placedAt', restPages],
  ['REST', '-placedAt,totalAmount', restPages],
  ['GraphQL', '-placedAt', graphqlPages],
  ['GraphQL', 'totalAmount', graphqlPages],
] as const)(
  'a walk over %s by %s while others write meets every row that was there throughout, once',
  { timeout: 60_000 },
  async (_api, sort, pages) => {
    const lasting = await sortedIds(app.database, orders, 'id');
    const writers = new Writers(app.database, lasting);
    writers.start();
    const walked = await walk(pages(admin, orders, sort, 7), { maxPages: 500, between: () => writers.busy() });
    await writers.stop();
    expect(flaws(walked, lasting, writers.moved)).toEqual([]);
    expect(walked.length).toBeGreaterThan(lasting.length);
    const stayed = walked.filter((id) => lasting.includes(id));
    expect(stayed).toEqual((await sortedIds(app.database, orders, sort)).filter((id) => lasting.includes(id)));
    await app.database.sql('delete from orders where not id = any($1::uuid[])', [lasting]);
  },
);
