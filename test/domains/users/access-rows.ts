import type { TestDatabase } from '#libs/testing/database.js';
import { deleted, instant, me, rowsEach } from '#test/queries/seeds.js';

export const seedUserAccess = (database: TestDatabase) =>
  database.sql(
    `insert into users (id, email, display_name, status, suspension_reason, locale, time_zone, roles, created_at, deleted_at)
     select case g when 1 then $1::uuid else gen_random_uuid() end, 'user-' || g || '@tandem.example',
            (array['Ada', 'ada', '', 'Žofia', '😀', '-5', '10', '9'])[g % 8 + 1] || ' ', (array['ACTIVE', 'SUSPENDED'])[g % 2 + 1],
            case when g % 3 = 0 then (array['', '-5', 'fraud'])[g % 4 + 1] end, (array['en', 'de', 'de-AT'])[g % 3 + 1],
            'UTC', array['customer'], ${instant(5)}, ${deleted}
     from generate_series(1, $2) g`,
    [me, rowsEach],
  );
