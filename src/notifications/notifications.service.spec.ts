import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { Roles } from '#libs/authz/roles.js';
import { RowCommands } from '#libs/authz/row-commands.js';
import { Database } from '#libs/database/database.js';
import { detailOf, selectionOf } from '#libs/database/selection.js';
import { maxCount } from '#libs/database/reads.js';
import { openDatabase, type Opened } from '#test/queries/opened.js';
import { Notification } from './notification.entity.js';
import './notifications.policy.js';
import { notifications } from './notifications.resource.js';
import { NotificationsService } from './notifications.service.js';
import type { Topic } from './topics.js';

const news: Topic<{ n: number }> = { name: 'spec.news', description: 'For the test.', data: { n: 'A number.' } };
const ada = new Roles().actor(uuidv7(), ['customer']);
const grace = new Roles().actor(uuidv7(), ['customer', 'admin']);
let opened: Opened;
let database: Database;
let inbox: NotificationsService;
const ask = { selection: undefined as never };

beforeAll(async () => {
  opened = await openDatabase();
  database = new Database(opened.orm);
  inbox = new NotificationsService(database, opened.reads, new RowCommands(database, opened.reads), opened.statements);
  Object.assign(ask, { selection: detailOf(notifications) });
  for (const actor of [ada, grace])
    await opened.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Somebody')`, [
      actor.id,
      `${actor.id}@tandem.example`,
    ]);
});
afterAll(() => opened.close());
beforeEach(() => opened.database.sql('delete from notifications'));

/** Told at these moments, or now. */
async function tell(actor = ada, ...at: string[]): Promise<string[]> {
  const told = (at.length ? at : [undefined]).map((moment, n) =>
    Object.assign(Notification.of(news, actor.id!, { n }), moment && { createdAt: new Date(moment) }),
  );
  await database.transaction((em) => inbox.notify(em, told));
  return told.map((n) => n.id);
}
const list = async (actor = ada, filter = {}) =>
  (await inbox.list(actor, { selection: selectionOf(notifications, ['id']), filter })).page.items.map((i) => i.id);
const unreadOf = async (actor = ada) => (await inbox.unreadCount(actor)).count;

describe('to notify', () => {
  it('is part of the transaction that is the cause', async () => {
    const failing = database.transaction(async (em) => {
      await inbox.notify(em, [Notification.of(news, ada.id!, { n: 1 })]);
      throw new Error('the cause fails');
    });
    await expect(failing).rejects.toThrow('the cause fails');
    expect(await list()).toEqual([]);
  });
  it('tells several users at once, and nobody of nothing', async () => {
    await database.transaction(async (em) => {
      await inbox.notify(em, []);
      await inbox.notify(em, [Notification.of(news, ada.id!, { n: 1 }), Notification.of(news, grace.id!, { n: 2 })]);
    });
    expect([await list(ada), await list(grace)]).toMatchObject([{ length: 1 }, { length: 1 }]);
  });
});

describe('to read', () => {
  it('twice is to read once: same time, same version', async () => {
    const [id] = await tell();
    const first = await inbox.read(ada, id, undefined, ask);
    expect(first.item).toMatchObject({ isRead: true, readAt: expect.any(String), version: 2 });
    const second = await inbox.read(ada, id, undefined, ask);
    expect([second.item, second.etag]).toEqual([first.item, first.etag]);
  });
  it('can be taken back, as often as one likes', async () => {
    const [id] = await tell();
    expect((await inbox.unread(ada, id, undefined, ask)).item).toMatchObject({ isRead: false, version: 1 });
    await inbox.read(ada, id, undefined, ask);
    expect((await inbox.unread(ada, id, undefined, ask)).item).toMatchObject({ readAt: null, version: 3 });
    expect(await unreadOf()).toBe(1);
  });
  it('a version that is not the latest is refused', async () => {
    const [id] = await tell();
    await inbox.read(ada, id, '"1.x"', ask);
    await expect(inbox.unread(ada, id, '"1.x"', ask)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    await expect(inbox.delete(ada, id, '"1.x"')).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });
});

describe('to read all', () => {
  const [early, seen, late] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.123Z', '2026-01-02T00:00:00.124Z'];

  it('reaches up to what was seen, that included, and says what is left', async () => {
    const ids = await tell(ada, early, seen, late);
    expect(await inbox.readAll(ada, { upTo: seen })).toEqual({ count: 1, isExact: true });
    expect(await list(ada, { isRead: { eq: false } })).toEqual([ids[2]]);
    expect(await inbox.readAll(ada, {})).toEqual({ count: 0, isExact: true });
  });
  it('takes a time of any offset, and null for none', async () => {
    await tell(ada, early, seen, late);
    expect(await inbox.readAll(ada, { upTo: '2026-01-02T01:00:00.123+01:00' })).toMatchObject({ count: 1 });
    expect(await inbox.readAll(ada, { upTo: null })).toMatchObject({ count: 0 });
  });
  it('leaves the inboxes of others, what was read before, and what is deleted', async () => {
    const [other] = await tell(grace);
    const [read, deleted] = await tell(ada, early, seen);
    const before = await inbox.read(ada, read, undefined, ask);
    await inbox.delete(ada, deleted, undefined);
    await inbox.readAll(ada, {});
    expect((await inbox.get(ada, read, ask)).item).toEqual(before.item);
    expect(await list(grace, { isRead: { eq: false } })).toEqual([other]);
    const [row] = await opened.database.sql('select version, read_at from notifications where id = $1', [deleted]);
    expect(row).toEqual({ version: 2, read_at: null });
  });
  it('reaches the end of a long inbox', async () => {
    await opened.database.sql(
      `insert into notifications (id, user_id, topic) select gen_random_uuid(), $1, 'spec.news' from generate_series(1, 4500)`,
      [ada.id],
    );
    expect(await inbox.readAll(ada, {})).toEqual({ count: 0, isExact: true });
  });
});

describe('the unread count', () => {
  it('does not count what is read, deleted or another’s', async () => {
    const [read, deleted] = await tell(ada, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z');
    await tell(grace);
    await inbox.read(ada, read, undefined, ask);
    await inbox.delete(ada, deleted, undefined);
    expect(await inbox.unreadCount(ada)).toEqual({ count: 1, isExact: true });
  });
  it('stops at the bound of counts', async () => {
    await opened.database.sql(
      `insert into notifications (id, user_id, topic) select gen_random_uuid(), $1, 'spec.news' from generate_series(1, $2::int)`,
      [ada.id, maxCount + 1],
    );
    expect(await inbox.unreadCount(ada)).toEqual({ count: maxCount, isExact: false });
  });
});

describe('what is another’s', () => {
  it('is absent, also for an admin', async () => {
    const [id] = await tell(ada);
    const gone = { code: 'NOTIFICATION_NOT_FOUND' };
    await expect(inbox.get(grace, id, ask)).rejects.toMatchObject(gone);
    await expect(inbox.read(grace, id, undefined, ask)).rejects.toMatchObject(gone);
    await expect(inbox.unread(grace, id, undefined, ask)).rejects.toMatchObject(gone);
    await expect(inbox.delete(grace, id, undefined)).rejects.toMatchObject(gone);
    expect([await list(grace), await unreadOf(grace)]).toEqual([[], 0]);
    expect((await inbox.get(ada, id, ask)).item).toMatchObject({ isRead: false, version: 1 });
  });
  it('is gone when it is deleted, once', async () => {
    const [id] = await tell(ada);
    expect(await inbox.delete(ada, id, undefined)).toBe(id);
    await expect(inbox.delete(ada, id, undefined)).rejects.toMatchObject({ code: 'NOTIFICATION_NOT_FOUND' });
    expect(await list()).toEqual([]);
  });
});
