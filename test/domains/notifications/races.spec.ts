import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import { startWorldOf } from '#test/harness/world.js';
import { apis } from '#test/races/parallel.js';
import { CountingDatabase } from '#test/races/repeated.js';
import { notificationsTests } from './notifications.tests.js';
import { raceOfReadAll, raceOfReaders, raceWithArrivals } from './races.js';
import type { NotificationsWorld } from './world.js';

let world: NotificationsWorld;
beforeAll(async () => {
  world = await startWorldOf(notificationsTests, {
    override: (builder) => builder.overrideProvider(Database).useClass(CountingDatabase),
  });
});
afterAll(() => world.app.stop());
const timeout = 60_000;

describe.each(apis)('over %s', (api) => {
  it('twenty devices that read one notification read it once', { timeout }, async () => {
    expect(await raceOfReaders(world, api)).toEqual({ told: { OK: 20 }, times: 1, versions: [2] });
  });
  it('an inbox that many devices read at once is read once', { timeout }, async () => {
    expect(await raceOfReadAll(world, api)).toEqual({ told: { OK: 30 }, rows: { 'read 2': 300 } });
  });
  it('what comes while all is being read stays unread', { timeout }, async () => {
    expect(await raceWithArrivals(world, api)).toEqual({
      told: { OK: 5 },
      rows: { 'read 2': 50, 'unread 1': 20 },
    });
  });
});
it('no transaction was broken off to be run again, and nobody was given what is another’s', () => {
  expect(CountingDatabase.repeated).toBe(0);
  expect(world.app.sniffer.leaks).toEqual([]);
});
