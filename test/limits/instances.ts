import 'reflect-metadata';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { inject } from 'vitest';
import { ormOptions } from '#libs/database/orm.js';
import { Statements } from '#libs/database/statements.js';
import { TestDatabase } from '#libs/testing/database.js';

export interface Instances {
  readonly database: TestDatabase;
  /** Of each instance its own connections. */
  readonly statements: readonly Statements[];
  close(): Promise<void>;
}
/** So many instances over one database, without the application around them. */
export async function openInstances(count: number): Promise<Instances> {
  const database = await TestDatabase.clone(inject('testDatabase'));
  const options = ormOptions({ database: { url: database.servingUrl, poolMax: 10 } as never }, []);
  // These tests are not about how long one waits for a connection.
  const driverOptions = { ...(options.driverOptions as object), connectionTimeoutMillis: 30_000 };
  const discovery = { warnWhenNoEntities: false };
  const orms = await Promise.all(
    Array.from({ length: count }, () => MikroORM.init({ ...options, driverOptions, discovery } as Options)),
  );
  const close = async () => {
    for (const orm of orms) await orm.close(true);
    await database.drop();
  };
  return { database, statements: orms.map((orm) => new Statements(orm)), close };
}
