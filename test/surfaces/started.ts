import { AccessState } from '#libs/authn/access-state.js';
import { servedSchema } from '#libs/testing/operations.js';
import { Snapshot } from '#libs/testing/snapshot.js';
import { Surfaces, type SurfaceTable } from '#libs/testing/surfaces.js';
import { domains } from '#test/domains/domains.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';

export interface Started {
  readonly world: World;
  readonly surfaces: Surfaces;
  /** The cases of all domains, by resource. */
  readonly tables: Readonly<Record<string, SurfaceTable>>;
}
export async function startSurfaces(options: TestAppOptions = {}): Promise<Started> {
  const world = await startWorld(options);
  const tables: Record<string, SurfaceTable> = {};
  // The cases name rows, so the rows come first.
  for (const domain of domains) Object.assign(tables, await domain.surfaces?.(world));
  const taken = await Snapshot.take(world.app.database);
  const snapshot = {
    text: taken.text,
    restore: async () => {
      await taken.restore();
      // What the case before has changed of roles and accounts would be remembered for up to two seconds.
      await world.app.app.get(AccessState).refresh();
    },
  };
  const client = (name: string) => world.clients[name as keyof World['clients']];
  return { world, tables, surfaces: new Surfaces({ schema: servedSchema(world.app.app), client, snapshot }) };
}
