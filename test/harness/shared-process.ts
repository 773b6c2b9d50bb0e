import { ConsoleLogger, Logger } from '@nestjs/common';
import { vi } from 'vitest';

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
/** Clears what a test file left in the process, and names what it should have cleared itself. */
export function clearProcess(): string[] {
  const left: string[] = [];
  if (runningApps.size > 0) left.push(`running applications: ${runningApps.size}`);
  if (vi.isFakeTimers()) left.push('fake timers');
  runningApps.clear();
  vi.useRealTimers();
  vi.restoreAllMocks();
  return left;
}
