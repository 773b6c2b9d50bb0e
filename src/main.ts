import 'reflect-metadata';
import { ConfigError, loadConfig, type Config } from '#libs/config/config.js';
import { migrate } from '#libs/database/migrate.js';
import { installShutdown } from '#libs/http/edge/shutdown.js';
import { createApp } from './app.js';
import { migrations } from './migrations.js';

async function prepareDatabase(config: Config): Promise<void> {
  const { ownerUrl, url } = config.database;
  if (ownerUrl) await migrate({ ownerUrl, servingRole: new URL(url).username, migrations });
  if (config.demoData) {
    const { seedDemo } = await import('./demo/demo-data.js');
    await seedDemo(url, new Date());
  }
}
async function main(): Promise<void> {
  const config = loadConfig();
  await prepareDatabase(config);
  const app = await createApp(config);
  installShutdown(app, { graceSeconds: config.http.shutdownGraceSeconds });
  await app.listen(config.http.port, config.http.host);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exit(1);
}
