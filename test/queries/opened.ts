import 'reflect-metadata';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { inject } from 'vitest';
import { ormOptions } from '#libs/database/orm.js';
import { Reads } from '#libs/database/reads.js';
import { bindResources } from '#libs/database/resource.js';
import { Statements } from '#libs/database/statements.js';
import { TestDatabase } from '#libs/testing/database.js';
// For the resources and policies of all domains.
import '#src/app.module.js';
import { entities } from '#src/entities.js';

/** The domains' entities and the read compiler on a database of their own, without the application around them. */
export interface Opened {
  readonly database: TestDatabase;
  readonly orm: MikroORM;
  readonly reads: Reads;
  readonly statements: Statements;
  close(): Promise<void>;
}
/** `settings` replaces settings of the ORM: for controls. */
export async function openDatabase(settings: Partial<Options> = {}): Promise<Opened> {
  const database = await TestDatabase.clone(inject('testDatabase'));
  const options = ormOptions({ database: { url: database.servingUrl, poolMax: 10 } as never }, entities);
  // These tests are not about how long one waits for a connection.
  const driverOptions = { ...(options.driverOptions as object), connectionTimeoutMillis: 30_000 };
  const orm = await MikroORM.init({ ...options, driverOptions, ...settings } as Options);
  bindResources(orm);
  const statements = new Statements(orm);
  const close = async () => {
    await orm.close(true);
    await database.drop();
  };
  return { database, orm, statements, reads: new Reads(statements), close };
}
