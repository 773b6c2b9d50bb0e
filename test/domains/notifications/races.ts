import { NotificationsService } from '#src/notifications/notifications.service.js';
import { Notification } from '#src/notifications/notification.entity.js';
import { Database } from '#libs/database/database.js';
import { atOnce, tally, type Api, type Call } from '#test/races/parallel.js';
import { testTopic, type NotificationsWorld } from './world.js';

const readOne = (id: string): Call => ({
  method: 'POST',
  path: `/v1/notifications/${id}/read`,
  mutation: 'readNotification(id: $id)',
  types: '$id: ID!',
  variables: { id },
  selection: 'id readAt version etag',
});
const readAll = (upTo: string): Call => ({
  method: 'POST',
  path: '/v1/notifications/read-all',
  body: { upTo },
  mutation: 'readAllNotifications(input: $input)',
  types: '$input: ReadAllNotificationsInput!',
  variables: { input: { upTo } },
  selection: 'count',
});
const repeat = <T>(times: number, make: (i: number) => T): T[] => Array.from({ length: times }, (_, i) => make(i));

/** Ada has these alone. */
async function inboxOf({ app, ids }: NotificationsWorld, count: number): Promise<void> {
  await app.database.sql('delete from notifications where user_id = $1', [ids.ada]);
  await app.database.sql(
    `insert into notifications (id, user_id, topic, data, created_at)
     select gen_random_uuid(), $1, $2, '{"secret": "none"}', timestamptz '2026-01-01' + g * interval '1 second'
     from generate_series(1, $3::int) g`,
    [ids.ada, testTopic.name, count],
  );
}
/** How many notifications of Ada's have this version and are read or not. */
async function versionsOf({ app, ids }: NotificationsWorld): Promise<Record<string, number>> {
  const rows = await app.database.sql<{ state: string; n: number }>(
    `select case when is_read then 'read' else 'unread' end || ' ' || version as state, count(*)::int as n
     from notifications where user_id = $1 group by 1`,
    [ids.ada],
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}
/** Twenty devices read the same notification. */
export async function raceOfReaders(world: NotificationsWorld, api: Api) {
  const id = await world.makeNotification();
  const outcomes = await atOnce(
    world.clients.ada,
    api,
    repeat(20, () => readOne(id)),
  );
  const times = new Set(outcomes.map((o) => o.body.readAt as string));
  const versions = new Set(outcomes.map((o) => o.body.version as number));
  return { told: tally(outcomes), times: times.size, versions: [...versions] };
}
/** Ten devices read all of an inbox, while others read single ones of it. */
export async function raceOfReadAll(world: NotificationsWorld, api: Api) {
  await inboxOf(world, 300);
  const some = await world.app.database.sql<{ id: string }>(
    `select id from notifications where user_id = $1 order by created_at desc limit 20`,
    [world.ids.ada],
  );
  const upTo = new Date().toISOString();
  const calls = [...repeat(10, () => readAll(upTo)), ...some.map(({ id }) => readOne(id))];
  return { told: tally(await atOnce(world.clients.ada, api, calls)), rows: await versionsOf(world) };
}
/** Notifications come while all that was seen is being read. */
export async function raceWithArrivals(world: NotificationsWorld, api: Api) {
  await inboxOf(world, 50);
  const { body } = await world.clients.ada.get('/v1/notifications?limit=1&fields=createdAt');
  const seen = body.data[0].createdAt as string;
  const database = world.app.app.get(Database);
  const inbox = world.app.app.get(NotificationsService, { strict: false });
  const [outcomes] = await Promise.all([
    atOnce(
      world.clients.ada,
      api,
      repeat(5, () => readAll(seen)),
    ),
    ...repeat(20, () =>
      database.transaction((em) => inbox.notify(em, [Notification.of(testTopic, world.ids.ada, { secret: 'none' })])),
    ),
  ]);
  return { told: tally(outcomes), rows: await versionsOf(world) };
}
