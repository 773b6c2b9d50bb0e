import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { inject } from 'vitest';
import { loadConfig } from '#libs/config/config.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { CountingClient } from '#libs/database/statements.js';
import { TestClient } from '#libs/testing/clients.js';
import { TestDatabase } from '#libs/testing/database.js';
import { TestIssuer } from '#libs/testing/issuer.js';
import { Sniffer } from '#libs/testing/sniffer.js';
import { createApp, type AppOptions } from '#src/app.js';
import { runningApps } from './shared-process.js';

/** 32 bytes in base64. */
export const testEncryptionKey = Buffer.alloc(32, 'key').toString('base64');

export interface TestAppOptions {
  /** Environment variables beside those that the harness sets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly adapter?: AppOptions['adapter'];
  /** Replaces providers: for controls, which sabotage a guarantee to see its test fail. */
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** A second instance on the same database. */
  readonly database?: TestDatabase;
  readonly issuer?: TestIssuer;
  readonly sniffer?: Sniffer;
}

/** The real application on a database of its own, listening on loopback. */
export class TestApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly database: TestDatabase,
    readonly issuer: TestIssuer,
    readonly sniffer: Sniffer,
    private readonly ownsDatabase: boolean,
  ) {}

  static async start(options: TestAppOptions = {}): Promise<TestApp> {
    const database = options.database ?? (await TestDatabase.clone(inject('testDatabase')));
    const issuer = options.issuer ?? (await TestIssuer.create(options.env?.PUBLIC_URL));
    const config = loadConfig({
      NODE_ENV: 'test',
      DATABASE_URL: database.servingUrl,
      PUBLIC_URL: issuer.issuer,
      ENCRYPTION_KEYS: testEncryptionKey,
      TOKEN_AUDIENCE: issuer.audience,
      LOG_LEVEL: 'fatal',
      // Tests of jobs say `all`; for the others workers would be noise.
      ROLE: 'api',
      // High, not off.
      RATE_LIMIT_REQUESTS: '10000000',
      RATE_LIMIT_ANONYMOUS_REQUESTS: '10000000',
      ...options.env,
    });
    await issuer.addTo(database, new Secrets(config));
    const { override } = options;
    const app = await createApp(config, {
      adapter: options.adapter,
      ...(override && {
        create: async (module, adapter) => {
          const built = await override(Test.createTestingModule({ imports: [module] })).compile();
          return built.createNestApplication<NestFastifyApplication>(adapter, { bufferLogs: true });
        },
      }),
    });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const sniffer = options.sniffer ?? new Sniffer();
    const started = new TestApp(app, `http://127.0.0.1:${port}`, database, issuer, sniffer, !options.database);
    runningApps.add(started);
    return started;
  }
  /** A client that acts as this account; without one, anonymous. */
  async as(name: string, accountId?: string): Promise<TestClient> {
    const token = accountId === undefined ? undefined : await this.issuer.token(accountId);
    return new TestClient(this.url, name, token, this.sniffer);
  }
  get anonymous(): TestClient {
    return new TestClient(this.url, 'anonymous', undefined, this.sniffer);
  }
  /** How many statements the requests of `work` sent to PostgreSQL. */
  async statements(work: () => Promise<unknown>): Promise<number> {
    const before = CountingClient.sent;
    await work();
    return CountingClient.sent - before;
  }
  async stop(): Promise<void> {
    runningApps.delete(this);
    await this.app.close();
    if (this.ownsDatabase) await this.database.drop();
  }
}
