import 'reflect-metadata';
import { ConfigError, loadConfig, type Config } from '#libs/config/config.js';
import { checkDatabase, DatabaseNotReady, migrate } from '#libs/database/migrate.js';
import { installShutdown } from '#libs/http/edge/shutdown.js';
import { logCrashes } from '#libs/telemetry/crash-log.js';
import { Logging } from '#libs/telemetry/logging.js';
import { createApp } from './app.js';
import { migrations } from './migrations.js';

async function prepareDatabase({ database, demoData, environment }: Config): Promise<void> {
  const { ownerUrl, url } = database;
  if (ownerUrl) await migrate({ ownerUrl, servingRole: new URL(url).username, migrations });
  await checkDatabase(url, migrations, { requireLesserRole: environment === 'production' });
  if (demoData) {
    const { seedDemo } = await import('./demo/demo-data.js');
    await seedDemo(url, new Date());
  }
}
async function main(): Promise<void> {
  const config = loadConfig();
  await prepareDatabase(config);
  const app = await createApp(config);
  logCrashes(app.get(Logging));
  installShutdown(app, { graceSeconds: config.http.shutdownGraceSeconds });
  await app.listen(config.http.port, config.http.host);
}

/** What an operator can act on needs no stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseNotReady) return error.message;
  const { code, address, port, stack } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Stop what uses it, or set PORT to another one.`;
  if (code === 'EACCES') return `Port ${port} may not be used by this account. Set PORT to one above 1023.`;
  if (code === 'ECONNREFUSED')
    return `PostgreSQL does not answer at ${address}:${port}. Start it, or correct DATABASE_URL.`;
  if (code === '28P01' || code === '28000')
    return 'PostgreSQL refuses the account of DATABASE_URL or DATABASE_OWNER_URL.';
  if (code === '3D000') return 'The database of DATABASE_URL or DATABASE_OWNER_URL does not exist.';
  return stack ?? String(error);
}
try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
