import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = dirname(fileURLToPath(import.meta.url));

/**
 * Global set-up of the tests: a throw-away PostgreSQL with the migrated database `tandem_template`, from which each test
 * file clones its own. A keeper process holds it and removes it when the test run ends, however that ends.
 * @param {{ provide(key: 'testDatabase', value: import('vitest').ProvidedContext['testDatabase']): void }} project
 */
export default async function setup(project) {
  const keeper = fork(join(launcher, 'test-database-keeper.mjs'), [dirname(launcher)], {
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => keeper.once('exit', resolve));
  const database = await Promise.race([
    new Promise((resolve) => keeper.once('message', resolve)),
    ended.then(() => Promise.reject(new Error('The test database did not start; the reason is above.'))),
  ]);
  try {
    await migrateTemplate(database.ownerUrl);
  } catch (error) {
    keeper.disconnect();
    await ended;
    throw error;
  }
  project.provide('testDatabase', database);
  return async () => {
    if (keeper.connected) keeper.disconnect();
    await ended;
  };
}

/** @param {string} ownerUrl */
async function migrateTemplate(ownerUrl) {
  const { migrate } = await import('#libs/database/migrate.js');
  const { migrations } = await import('#src/migrations.js');
  await migrate({ ownerUrl, servingRole: 'tandem_app', migrations });
}
