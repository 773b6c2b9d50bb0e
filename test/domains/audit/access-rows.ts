import type { TestDatabase } from '#libs/testing/database.js';
import { instant, me, rowsEach } from '#test/queries/seeds.js';

const somebody = `(select id from users where email = 'user-' || (g % 5 + 1) || '@tandem.example')`;
export const seedAuditAccess = (database: TestDatabase) =>
  database.sql(
    `insert into audit_entries (id, at, action, outcome, actor, actor_id, acted_by, subject, person_id, sealed_fields, mac)
     select gen_random_uuid(), ${instant(5)}, 'test.change', (array['DONE', 'DENIED', 'FAILED'])[g % 3 + 1],
            case when g % 5 = 0 then 'anonymous' else 'user:x' end,
            case when g % 5 = 0 then null when g % 2 = 0 then $1::uuid else ${somebody} end,
            case when g % 7 = 0 then 'user:y' end, case when g % 3 > 0 then 'Test' end,
            case when g % 4 = 0 then $1::uuid when g % 4 = 1 then ${somebody} end, '{}', ''
     from generate_series(1, $2) g`,
    [me, rowsEach],
  );
