import type { TestClient } from '#libs/testing/clients.js';
import type { TestDatabase } from '#libs/testing/database.js';
import { domains } from '#test/domains/domains.js';
import { TestApp, type TestAppOptions } from '#test/harness/test-app.js';
import { adminId } from './seeds.js';

/** So many rows of every resource. */
export async function seedLists(database: TestDatabase, each: number): Promise<void> {
  for (const domain of domains) await domain.lists?.(database, each);
}
export async function startLists(
  each: number,
  options: TestAppOptions = {},
): Promise<{ app: TestApp; admin: TestClient }> {
  const app = await TestApp.start(options);
  await seedLists(app.database, each);
  return { app, admin: await app.as('admin', adminId) };
}
