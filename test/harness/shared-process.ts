import { ConsoleLogger, Logger } from '@nestjs/common';

interface RootLogger {
  resetRootLogger(): void;
}
const rootLogger = new URL('rootLogger.js', import.meta.resolve('nestjs-pino')).href;

/** Applications that the running test file has started and not stopped. */
export const runningApps = new Set<object>();

/** A process keeps the logger of its first application (nestjs-pino) and of its latest (Nest); this forgets both. */
export async function resetLoggers(): Promise<void> {
  Logger.overrideLogger(new ConsoleLogger());
  ((await import(/* @vite-ignore */ rootLogger)) as RootLogger).resetRootLogger();
}
