import { NestFactory } from '@nestjs/core';
import { VersioningType } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Config } from '#libs/config/config.js';
import { createAdapter, type AdapterOptions } from '#libs/http/edge/adapter.js';
import { configureEdge } from '#libs/http/edge/configure-edge.js';
import { installAnswers } from '#libs/http/answers.js';
import { AppModule } from './app.module.js';

/** The whole application, initialized and not yet listening. `adapter` changes limits of the HTTP server, for tests. */
export async function createApp(config: Config, adapter: Partial<AdapterOptions> = {}): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config),
    createAdapter({ trustProxy: config.http.trustProxy, errorDocsUrl: `${config.http.publicUrl}/docs/errors`, ...adapter }),
    { bufferLogs: true, abortOnError: false },
  );
  app.enableVersioning({ type: VersioningType.URI });
  await configureEdge(app, config);
  installAnswers(app.getHttpAdapter().getInstance() as unknown as FastifyInstance);
  return app;
}
