import { v7 as uuidv7 } from 'uuid';
import { orderStatuses, startWorld, type World } from '#test/harness/world.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import { Snapshot } from '#libs/testing/snapshot.js';
import { Surfaces } from '#libs/testing/surfaces.js';
import { servedSchema } from '#libs/testing/operations.js';

/** What the cases speak of: the world, with rows that differ in everything that lists filter and sort by. */
export interface SurfaceState extends World {
  readonly surfaces: Surfaces;
  /** Placed by Grace; the others are Ada's. */
  readonly graceOrderId: string;
  /** A draft of Ada's without lines, and one that orders what is not for sale any more. */
  readonly emptyOrderId: string;
  readonly staleOrderId: string;
  /** For sale, but priced in another currency. */
  readonly dollarProductId: string;
  readonly emptyCategoryId: string;
}

export async function startSurfaces(options: TestAppOptions = {}): Promise<SurfaceState> {
  const world = await startWorld(options);
  const { database } = world.app;
  for (const [i, status] of orderStatuses.entries())
    await database.sql(
      `update orders set total_amount = $2, created_at = $3, placed_at = case when placed_at is null then null else $4::timestamptz end
       where id = $1`,
      [
        world.orderIds[status],
        500 + 100 * (i % 4),
        `2026-01-0${i + 1}T08:00:00Z`,
        `2026-02-0${(i % 3) + 1}T09:30:00.123Z`,
      ],
    );
  const graceOrderId = await world.makeOrder('PLACED', world.ids.grace);
  await database.sql(
    `update orders set created_at = '2026-03-01T00:00:00Z', placed_at = '2026-03-02T00:00:00Z' where id = $1`,
    [graceOrderId],
  );
  const emptyOrderId = await world.makeOrder('DRAFT');
  await database.sql('delete from order_lines where order_id = $1', [emptyOrderId]);
  const staleOrderId = await world.makeOrder('DRAFT');
  await database.sql('update order_lines set product_id = $2 where order_id = $1 and position = 2', [
    staleOrderId,
    world.draftProductId,
  ]);
  const dollarProductId = await world.makeProduct({ priceAmount: 999 });
  await database.sql(`update products set currency = 'USD' where id = $1`, [dollarProductId]);
  const emptyCategoryId = uuidv7();
  await database.sql(
    `insert into categories (id, slug, name, description, position) values ($1, 'empty', 'Empty', 'Nothing', 5)`,
    [emptyCategoryId],
  );
  const schema = servedSchema(world.app.app);
  const snapshot = await Snapshot.take(world.app.database);
  const client = (name: string) => world.clients[name as keyof World['clients']];
  const surfaces = new Surfaces({ schema, client, snapshot });
  return { ...world, surfaces, graceOrderId, emptyOrderId, staleOrderId, dollarProductId, emptyCategoryId };
}
