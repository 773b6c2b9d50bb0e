import { afterAll, beforeAll, expect, it } from 'vitest';
import { compile, type Call } from '#libs/database/compiler.js';
import { listRead } from '#libs/database/list.js';
import { maxCount } from '#libs/database/reads.js';
import { selectionOf } from '#libs/database/selection.js';
import { notifications } from '#src/notifications/notifications.resource.js';
import { LargeLists, mostRows } from '#test/lists/rows-looked-at.js';

const { admin } = LargeLists;
const unread = { isRead: { eq: false } };
let large: LargeLists;
beforeAll(async () => {
  large = await LargeLists.open(async (database) => {
    await database.sql(
      `insert into users (id, email, display_name) select gen_random_uuid(), 'inbox-' || g || '@tandem.example', 'Some' from generate_series(1, 300) g`,
    );
    await database.sql(
      `insert into notifications (id, user_id, topic) select gen_random_uuid(), u.id, 'gone.happened'
       from users u, generate_series(1, 20) where u.email like 'inbox-%'`,
    );
    // Most of what people were told they have read.
    await database.sql(`update notifications set read_at = case when right(md5(id::text), 2) > '05' then now() end`);
  });
});
afterAll(() => large.close());

it.each(['createdAt', '-createdAt'])('a page of what is unread by %s looks at its own rows only', async (sort) => {
  const page = { sort, filter: unread };
  const after = await large.cursorAt(notifications, admin, page, 0.5, `not is_read and user_id = '${admin.id}'`);
  for (const p of [page, { ...page, after }])
    expect(Math.max(...(await large.rowsLookedAt(notifications, admin, p)))).toBeLessThanOrEqual(mostRows);
});
it.each(['createdAt', '-createdAt'])('a page of an inbox by %s looks at its own rows only', async (sort) => {
  const after = await large.cursorAt(notifications, admin, { sort }, 0.5, `user_id = '${admin.id}'`);
  for (const p of [{ sort }, { sort, after }])
    expect(Math.max(...(await large.rowsLookedAt(notifications, admin, p)))).toBeLessThanOrEqual(mostRows);
});
it('the unread count looks at what is unread only', async () => {
  const {
    sort: _sort,
    limit: _limit,
    ...read
  } = listRead(notifications, admin, { selection: selectionOf(notifications, ['id']), filter: unread });
  const call: Call = { ...read, countUpTo: maxCount, rights: (r) => admin.rights(r) };
  const { text, binds } = compile(call);
  const lines = await large.opened.database.sql<{ 'QUERY PLAN': string }>(
    `explain (analyze, timing off, buffers off) ${text}`,
    binds.map((bind) => bind(call)),
  );
  const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Index (Only )?Scan using notifications_user_read .*actual rows=\d/);
  expect(plan).not.toContain('Removed by Filter');
});
