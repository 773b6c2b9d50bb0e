import type { EntityManager } from '@mikro-orm/postgresql';
import type { Statements } from '#libs/database/statements.js';
import type { Notification } from './notification.entity.js';

/** An insert of notifications whose values are the parameters from `first` on: a part of the statement that is their cause. */
export const insertNotifications = (first: number): string => `
  insert into notifications (id, created_at, updated_at, user_id, topic, data)
  select id, created_at, created_at, user_id, topic, data
  from unnest($${first}::uuid[], $${first + 1}::timestamptz[], $${first + 2}::uuid[], $${first + 3}::text[], $${first + 4}::jsonb[])
    as n (id, created_at, user_id, topic, data)`;

/** The parameters of `insertNotifications`. */
export const notificationValues = (notifications: readonly Notification[]): unknown[] => [
  notifications.map((n) => n.id),
  notifications.map((n) => n.createdAt),
  notifications.map((n) => n.userId),
  notifications.map((n) => n.topic),
  notifications.map((n) => JSON.stringify(n.data)),
];
export const insertStatement = { name: 'notifications_insert', text: insertNotifications(1) };

// Locked in the order of an index, so that two devices that do it at once wait for each other instead of for ever. Rows that
// were read meanwhile are left as they are.
const readStatement = {
  name: 'notifications_read_all',
  text: `
    with unread as materialized (
      select id from notifications
      where user_id = $1 and is_read = false and created_at <= $2 and deleted_at is null
      order by created_at, id limit $3 for no key update),
    done as (update notifications n set read_at = $4 from unread u where n.id = u.id returning n.id)
    select count(*)::int from done`,
};
/** A statement may take a few seconds only, and an inbox that nobody looked at for years be long. */
const batch = 2000;

/** Marks everything that the user was told until then as read. */
export async function readAll(statements: Statements, em: EntityManager, userId: string, upTo: Date): Promise<void> {
  for (let done = batch; done === batch;)
    [[done]] = (await statements.run(readStatement, [userId, upTo, batch, new Date()], em)) as [[number]];
}
