import { afterEach, describe, expect, it, vi } from 'vitest';
import * as containment from '#libs/authz/containment.js';
import { Surfaces } from '#libs/testing/surfaces.js';
import { roleCases } from '#test/domains/access/surfaces.js';
import { accessTests } from '#test/domains/access/access.tests.js';
import { startWorldOf } from '#test/harness/world.js';
import { servedSchema } from '#libs/testing/operations.js';
import { Snapshot } from '#libs/testing/snapshot.js';

afterEach(() => vi.restoreAllMocks());

describe('cases of roles fail', () => {
  it('when nobody asks whether a giver has what is given', { timeout: 60_000 }, async () => {
    vi.spyOn(containment, 'excessOf').mockReturnValue([]);
    const world = await startWorldOf(accessTests);
    try {
      const table = await roleCases(world);
      const refused = table.cases.filter((one) => one.outcome === 'BEYOND_OWN_RIGHTS');
      expect(refused.length).toBeGreaterThan(5);
      const surfaces = new Surfaces({
        schema: servedSchema(world.app.app),
        client: (name) => world.clients[name as keyof typeof world.clients],
        snapshot: await Snapshot.take(world.app.database),
      });
      for (const one of refused) expect(await surfaces.differences(table, one), one.name).not.toEqual([]);
    } finally {
      await world.app.stop();
    }
  });
});
