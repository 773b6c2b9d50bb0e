import { randomUUID } from 'node:crypto';
import type { TestApp } from '../harness/test-app.js';

/** A new account with this role; gives its access token. */
export async function tokenOf(app: TestApp, role: string): Promise<string> {
  const id = randomUUID();
  await app.database.sql(`insert into users (id, email, display_name, roles) values ($1, $2, 'Somebody', $3)`, [
    id,
    `${id}@tandem.example`,
    [role],
  ]);
  return app.issuer.token(id);
}
