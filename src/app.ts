import { VersioningType, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '#libs/config/config.js';
import { readSafelist } from '#libs/graphql/safelist.js';
import { createAdapter, type AdapterOptions } from '#libs/http/edge/adapter.js';
import { installRateLimits } from '#libs/http/edge/admission.js';
import { configureEdge } from '#libs/http/edge/configure-edge.js';
import { installAnswers } from '#libs/http/answers.js';
import { installDocs } from '#libs/http/docs/install-docs.js';
import { serveOnly } from '#libs/http/edge/serve-only.js';
import { Lifecycle } from '#libs/http/edge/lifecycle.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { installIssuer } from '#libs/oidc/install-issuer.js';
import { Pages } from '#libs/pages/pages.js';
import { RateLimits } from '#libs/limits/rate-limits.js';
import { AppModule } from './app.module.js';
import { apiDescription } from './docs/api-description.js';

export interface AppOptions {
  /** Limits of the HTTP server other than its defaults. */
  readonly adapter?: Partial<AdapterOptions>;
  /** Makes the Nest application; the place to override providers. */
  readonly create?: (module: DynamicModule, adapter: FastifyAdapter) => Promise<NestFastifyApplication>;
}
const createNest = (module: DynamicModule, adapter: FastifyAdapter) =>
  NestFactory.create<NestFastifyApplication>(module, adapter, { bufferLogs: true, abortOnError: false });

/** The whole application, not yet initialized or listening. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const { trustProxy, publicUrl } = config.http;
  // Here and not only when Nest makes its provider, so that what is wrong with it is told without a stack.
  if (config.graphql.safelist) readSafelist(config.graphql.safelist.file);
  const adapter = createAdapter({ trustProxy, errorDocsUrl: `${publicUrl}/docs/errors`, ...options.adapter });
  const app = await (options.create ?? createNest)(AppModule.forRoot(config), adapter);
  app.enableVersioning({ type: VersioningType.URI });
  await configureEdge(app, config);
  if (config.role === 'worker') serveOnly(app.getHttpAdapter().getInstance(), '/health/');
  installRateLimits(app, app.get(RateLimits));
  installAnswers(app.getHttpAdapter().getInstance());
  installDocs(app, config, apiDescription);
  installIssuer(app);
  const jobs = app.get(Jobs);
  app.get(Lifecycle).onDrain(() => jobs.stopWorking());
  const pages = app.get(Pages);
  pages.service = apiDescription.title;
  pages.install(app.getHttpAdapter().getInstance());
  return app;
}
