import type { TestDatabase } from '#libs/testing/database.js';
import { deleted, instant, rowsEach } from '#test/queries/seeds.js';

export const seedClientAccess = (database: TestDatabase) =>
  database.sql(
    `insert into clients (id, client_id, name, kind, auth_method, is_disabled, created_at, deleted_at)
     select gen_random_uuid(),
            'row-' || g,
            (array['Ada', 'ada', 'Žofia', '😀', '-5', '10'])[g % 6 + 1],
            (array['WEB', 'NATIVE', 'SERVICE'])[g % 3 + 1],
            (array['NONE', 'NONE', 'CLIENT_SECRET'])[g % 3 + 1],
            g % 3 = 0,
            ${instant(5)},
            ${deleted}
     from generate_series(1, $1::int) g`,
    [rowsEach],
  );
