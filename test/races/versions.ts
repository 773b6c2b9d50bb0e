import { OptimisticLockError } from '@mikro-orm/postgresql';
import { User } from '#src/users/user.entity.js';
import type { Opened } from '#test/queries/opened.js';

const writers = 8;
const rounds = 15;

/** Eight writers add one to both of two rows in one flush, again and again. What was acknowledged, refused and stored. */
export async function addTogether({ orm, database }: Opened) {
  const [a, b] = await Promise.all(
    ['a', 'b'].map((name) =>
      database.sql(
        `insert into users (id, email, display_name, preferences) values (gen_random_uuid(), $1, $1, '{"count": 0}') returning id`,
        [name],
      ),
    ),
  );
  const ids = [a[0].id, b[0].id] as string[];
  let acknowledged = 0;
  let refused = 0;
  const write = async () => {
    for (let round = 0; round < rounds; round++) {
      const em = orm.em.fork();
      const rows = await em.find(User, { id: { $in: ids } }, { orderBy: { id: 'asc' } });
      for (const row of rows) row.preferences = { count: Number(row.preferences.count) + 1 };
      try {
        await em.flush();
        acknowledged++;
      } catch (error) {
        if (!(error instanceof OptimisticLockError)) throw error;
        refused++;
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const stored = await database.sql<{ count: number; version: number }>(
    `select (preferences->>'count')::int as count, version from users where id = any($1::uuid[])`,
    [ids],
  );
  return { acknowledged, refused, stored };
}
