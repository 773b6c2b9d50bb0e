import type { Logging } from './logging.js';

/** The last line of a process that ends on an error nobody caught; without it there is only a stack on stderr. */
export function logCrashes(logging: Logging): void {
  process.once('uncaughtException', (error, origin) => {
    logging.logger.fatal({ err: error, origin }, 'crash');
    logging.flush();
    process.exit(1);
  });
}
