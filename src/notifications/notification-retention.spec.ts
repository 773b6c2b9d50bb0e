import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { TestApp } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';
import { NotificationRetention } from './notification-retention.js';

let world: World;
let other: TestApp;
const env = { NOTIFICATION_RETENTION_DAYS: '30' };
beforeAll(async () => {
  world = await startWorld({ env });
  other = await TestApp.start({ env, database: world.app.database, issuer: world.app.issuer });
});
afterAll(async () => {
  await other?.stop();
  await world?.app.stop();
});
beforeEach(() => world.app.database.sql('delete from notifications'));
/** So many, each that old. */
const tell = (count: number, age: string, more = 'null') =>
  world.app.database.sql(
    `insert into notifications (id, user_id, topic, created_at, deleted_at)
     select gen_random_uuid(), $1, 'spec.told', now() - $3::interval, ${more} from generate_series(1, $2)`,
    [world.ids.ada, count, age],
  );
const left = async () => Number((await world.app.database.sql('select count(*) from notifications'))[0].count);
const of = (app: TestApp) => app.app.get(NotificationRetention);

it('older ones than the days of the configuration go, in parts, over two instances at once', async () => {
  await tell(25, '31 days');
  await tell(5, '31 days', 'now()');
  await tell(7, '29 days 23 hours');
  const purged = await Promise.all([of(world.app).purge(undefined, 4), of(other).purge(undefined, 4)]);
  // Who found only rows of the other may have stopped before; nothing went twice.
  const rest = await of(world.app).purge(undefined, 4);
  expect(purged[0] + purged[1] + rest).toBe(30);
  expect(await left()).toBe(7);
});
it('those that somebody holds are left for the next night, and hold up nothing', async () => {
  await tell(3, '40 days');
  const holder = new pg.Client({ connectionString: world.app.database.ownerUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select 1 from notifications limit 1 for update');
  expect(await of(world.app).purge()).toBe(2);
  await holder.query('rollback');
  await holder.end();
  expect(await of(world.app).purge()).toBe(1);
});
it('stops between two parts when it is given up', async () => {
  await tell(3, '40 days');
  await expect(of(world.app).purge(AbortSignal.abort())).rejects.toThrow();
  expect(await left()).toBe(3);
});
