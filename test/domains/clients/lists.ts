import type { TestDatabase } from '#libs/testing/database.js';
import { instant } from '#test/lists/seeds.js';

export const seedClients = (database: TestDatabase, each: number) =>
  database.sql(
    `insert into clients (id, client_id, name, kind, auth_method, is_disabled, created_at)
     select gen_random_uuid(),
            'row-' || g,
            (array['Ada', 'ada', 'Žofia', '😀', '-5', '10'])[g % 6 + 1],
            (array['WEB', 'NATIVE', 'SERVICE'])[g % 3 + 1],
            (array['NONE', 'NONE', 'CLIENT_SECRET'])[g % 3 + 1],
            g % 3 = 0,
            ${instant(11)}
     from generate_series(1, $1::int) g`,
    [each],
  );
