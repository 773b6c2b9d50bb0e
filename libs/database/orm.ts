import type { MikroOrmModuleSyncOptions } from '@mikro-orm/nestjs';
import type { Options } from '@mikro-orm/postgresql';
import type { Config } from '#libs/config/config.js';
import { ParameterDriver } from './parameters.js';
import { limitWaits, poolWaits } from './pool-waits.js';
import { CountingClient } from './statements.js';

/** The one that it would find and load; migrations have an ORM of their own. */
const NoMigrator = { name: 'Migrator', register: () => undefined };

/** MikroORM as the service uses it: entities for commands, never for reading views. */
export function ormOptions(
  config: Pick<Config, 'database'>,
  entities: Options['entities'],
): MikroOrmModuleSyncOptions & Options {
  return {
    driver: ParameterDriver,
    clientUrl: config.database.url,
    entities,
    pool: { min: 0, max: config.database.poolMax, idleTimeoutMillis: 30_000 },
    driverOptions: {
      Client: CountingClient,
      // Waiting for a connection is bounded: past it the client hears 503 and tries again.
      connectionTimeoutMillis: poolWaits.free,
      onPoolCreated: limitWaits,
      keepAlive: true,
      application_name: 'tandem',
    },
    // With batch updates MikroORM reads versions of two or more changed entities first and then updates without them,
    // which loses writes under concurrency.
    useBatchUpdates: false,
    forceUtcTimezone: true,
    registerRequestContext: false,
    allowGlobalContext: false,
    extensions: [NoMigrator],
    discovery: { checkDuplicateFieldNames: true },
    // The pool connects when it is first used, so that the process starts while the database is still starting.
    connect: false,
  } as MikroOrmModuleSyncOptions & Options;
}
