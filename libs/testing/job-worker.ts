import { Global, Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EntitySchema } from '@mikro-orm/postgresql';
import { Config, loadConfig } from '#libs/config/config.js';
import { DatabaseModule } from '#libs/database/database.module.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { JobsModule } from '#libs/jobs/jobs.module.js';
import { Logging } from '#libs/telemetry/logging.js';

export interface JobWorkerOptions {
  readonly role?: 'api' | 'worker' | 'all';
  /** Where jobs get their handlers. */
  readonly handle?: (jobs: Jobs) => void;
  /** What else there is, beside jobs and the database. */
  readonly modules?: Type[];
  readonly env?: Readonly<Record<string, string>>;
  /** Gets the log lines; without it there are none. */
  readonly log?: (line: Record<string, unknown>) => void;
}

/** MikroORM does not start without any. */
const someEntity = new EntitySchema({
  name: 'Migration',
  tableName: 'migrations',
  properties: { id: { type: 'integer', primary: true } },
});

/** A process with jobs and nothing else: one `Jobs` over a database. */
export class JobWorker {
  private constructor(
    readonly app: INestApplicationContext,
    readonly jobs: Jobs,
  ) {}

  static async start(
    databaseUrl: string,
    { role = 'worker', handle, modules = [], env, log }: JobWorkerOptions,
  ): Promise<JobWorker> {
    const config = loadConfig({
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl,
      ROLE: role,
      ENCRYPTION_KEYS: Buffer.alloc(32, 'key').toString('base64'),
      ...env,
    });
    const logging = new Logging({
      level: log ? 'debug' : 'silent',
      stream: { write: (text: string) => log?.(JSON.parse(text) as Record<string, unknown>) },
    });
    @Global()
    @Module({
      providers: [
        { provide: Config, useValue: config },
        { provide: Logging, useValue: logging },
      ],
      exports: [Config, Logging],
    })
    class Ground {}
    @Module({ imports: [Ground, DatabaseModule.forRoot([someEntity]), JobsModule, ...modules] })
    class Worker {
      constructor(jobs: Jobs) {
        handle?.(jobs);
      }
    }
    const app = await NestFactory.createApplicationContext(Worker, { logger: false, abortOnError: false });
    return new JobWorker(app, app.get(Jobs));
  }
  async stop(): Promise<void> {
    await this.app.close();
  }
}
