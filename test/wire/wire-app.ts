import { Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance } from 'fastify';
import { Config } from '#libs/config/config.js';
import { createAdapter, type AdapterOptions } from '#libs/http/edge/adapter.js';
import { configureEdge } from '#libs/http/edge/configure-edge.js';
import { EdgeModule } from '#libs/http/edge/edge.module.js';
import { Logging } from '#libs/telemetry/logging.js';
import { TelemetryModule } from '#libs/telemetry/telemetry.module.js';

export interface WireApp {
  app: NestFastifyApplication;
  fastify: FastifyInstance;
  port: number;
  url: string;
  /** The lines logged so far, parsed. */
  lines(): Record<string, unknown>[];
  /** What was logged so far, as text. */
  logText(): string;
}

export interface WireOptions {
  controllers?: Type[];
  imports?: Type[];
  adapter?: Partial<AdapterOptions>;
  http?: Partial<Config['http']>;
  environment?: Config['environment'];
  /** Runs after `configureEdge` and before the application is initialized. */
  before?: (fastify: FastifyInstance) => void;
}

// nestjs-pino keeps the logger that a process has first; the lines go to the application that was started last.
let write: (line: string) => void;
const logging = new Logging({ level: 'debug', stream: { write: (line: string) => write(line) } });

/** A small application behind the real edge, listening on a free port of the loopback. */
export async function startWireApp(options: WireOptions): Promise<WireApp> {
  let text = '';
  write = (line) => void (text += line);
  const config = {
    environment: options.environment ?? 'test',
    http: { corsOrigins: [], compression: false, trustProxy: [], shutdownGraceSeconds: 5, ...options.http },
    logging: { level: 'debug' },
  } as unknown as Config;
  @Global()
  @Module({ providers: [{ provide: Config, useValue: config }], exports: [Config] })
  class ConfigModule {}

  const module = await Test.createTestingModule({
    imports: [ConfigModule, TelemetryModule.forRoot(), EdgeModule, ...(options.imports ?? [])],
    controllers: options.controllers,
  })
    .overrideProvider(Logging)
    .useValue(logging)
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(createAdapter(options.adapter), { logger: false });
  await configureEdge(app, config);
  const fastify = app.getHttpAdapter().getInstance();
  options.before?.(fastify);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return {
    app,
    fastify,
    port,
    url: `http://127.0.0.1:${port}`,
    logText: () => text,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
