import type { TestDatabase } from '#libs/testing/database.js';
import { adminId, instant } from '#test/lists/seeds.js';

export const seedAudit = (database: TestDatabase, each: number) =>
  database.sql(
    `insert into audit_entries (id, at, action, outcome, actor, actor_id, subject, subject_id, person_id, mac)
     select gen_random_uuid(), ${instant(11)}, 'test.change', (array['DONE', 'DENIED', 'FAILED'])[g % 3 + 1], 'user:' || $1::text,
            case when g % 3 > 0 then $1::uuid end, 'Test', g::text, case when g % 4 = 0 then $1::uuid end, ''
     from generate_series(1, $2) g`,
    [adminId, each],
  );
