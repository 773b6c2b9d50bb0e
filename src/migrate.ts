import { ConfigError, loadMigrationConfig } from '#libs/config/config.js';
import { migrate } from '#libs/database/migrate.js';
import { migrations } from './migrations.js';

try {
  const { ownerUrl, url } = loadMigrationConfig();
  const applied = await migrate({ ownerUrl, servingRole: new URL(url).username, migrations });
  process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'Nothing to migrate.\n');
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
}
