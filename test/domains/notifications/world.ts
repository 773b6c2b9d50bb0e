import { v7 as uuidv7 } from 'uuid';
import { locales, type Texts } from '#libs/messages/messages.js';
import { defineTopics } from '#src/notifications/topics.js';
import type { UsersWorld } from '#test/domains/users/world.js';
import type { AccountName } from '#test/harness/callers.js';

// What is private in the data comes out in the text too.
const texts = { 'test.told.title': 'For the test', 'test.told.body': 'It is {secret}.' };
export const testTopic = defineTopics<{ secret: string }, 'test.told'>(
  'test',
  { 'test.told': { description: 'For tests.', data: { secret: 'A canary.' } } },
  Object.fromEntries(locales.map((locale) => [locale, texts])) as Texts<keyof typeof texts>,
)['test.told'];
/** Of a domain that is not there any more. */
export const goneTopic = 'gone.happened';

export interface NotificationsPart {
  /** Ada was told three things, one of them of a topic that nobody knows; Grace one. */
  readonly notificationIds: Readonly<Record<'unread' | 'read' | 'gone' | 'ofGrace', string>>;
  /** Something else that this account was told; inserted as SQL. */
  makeNotification(whose?: AccountName, fields?: Told): Promise<string>;
}
interface Told {
  readonly topic?: string;
  readonly createdAt?: string;
  readonly readAt?: string | null;
}
export type NotificationsWorld = UsersWorld & NotificationsPart;

/** Something that everybody sees of what they were told, and nobody of what others were. */
export async function notificationsWorld({ app, ids }: UsersWorld): Promise<NotificationsPart> {
  const { database, sniffer } = app;
  const makeNotification: NotificationsPart['makeNotification'] = async (whose = 'ada', fields = {}) => {
    const { topic = testTopic.name, createdAt = new Date().toISOString(), readAt = null } = fields;
    const id = uuidv7();
    await database.sql(
      `insert into notifications (id, created_at, updated_at, user_id, topic, data, read_at)
       values ($1, $2, $2, $3, $4, $5, $6)`,
      [id, createdAt, ids[whose], topic, JSON.stringify({ secret: sniffer.plant('told', [whose]) }), readAt],
    );
    return id;
  };
  const notificationIds = {
    unread: await makeNotification('ada', { createdAt: '2026-01-01T08:00:00Z' }),
    read: await makeNotification('ada', { createdAt: '2026-01-02T08:00:00Z', readAt: '2026-01-02T09:00:00.123Z' }),
    gone: await makeNotification('ada', { createdAt: '2026-01-03T08:00:00.500Z', topic: goneTopic }),
    ofGrace: await makeNotification('grace', { createdAt: '2026-01-02T08:00:00Z' }),
  };
  return { notificationIds, makeNotification };
}
