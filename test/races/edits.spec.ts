import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import { domains } from '#test/domains/domains.js';
import { startWorld, type World } from '#test/harness/world.js';
import { raceOfEdits, type Edited } from './edits.js';
import { apis } from './parallel.js';
import { CountingDatabase } from './repeated.js';

let world: World;
beforeAll(async () => {
  world = await startWorld({ override: (builder) => builder.overrideProvider(Database).useClass(CountingDatabase) });
});
afterAll(() => world.app.stop());

const edits: Edited<World>[] = domains.flatMap((domain) => domain.edits ?? []);
describe.each(apis)('over %s', (api) => {
  it.each(edits)('fifty edits of $name on one version: one is made', { timeout: 60_000 }, async (edited) => {
    const { told, winners, stored, versions } = await raceOfEdits(world, api, edited);
    expect(told).toEqual({ OK: 1, PRECONDITION_FAILED: 49 });
    expect([stored, versions]).toEqual([winners[0], 1]);
  });
});
it('no transaction was broken off to be run again, and nobody was given what is another’s', () => {
  expect(CountingDatabase.repeated).toBe(0);
  expect(world.app.sniffer.leaks).toEqual([]);
});
