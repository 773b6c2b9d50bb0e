import type { FastifyInstance } from 'fastify';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

/** Answers what lies under `prefix`; all else is not there. For processes that do other work. To be called before limits are installed. */
export function serveOnly(fastify: FastifyInstance, prefix: string): void {
  fastify.addHook('onRequest', async ({ routeOptions: { url } }) => {
    if (!url?.startsWith(prefix)) throw new AppError(commonErrors.NOT_FOUND);
  });
}
