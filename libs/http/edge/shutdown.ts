import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logging } from '#libs/telemetry/logging.js';
import './edge-state.js';
import { Lifecycle } from './lifecycle.js';

export interface ShutdownOptions {
  /** Seconds from the signal to the end of the process, whatever is still running then. */
  graceSeconds: number;
  /**
   * Seconds of normal service after readiness has gone, so that load balancers notice before connections are refused.
   * Default: a quarter of the grace, at most 5.
   */
  drainSeconds?: number;
  /** For tests. */
  exit?: (code: number) => void;
}

/** Part of the grace that stays for modules (pools, workers) once no request runs any more. */
const MODULES_SHARE = 0.2;
const IDLE_CHECK_MS = 50;

const logger = new Logger('Shutdown');

/**
 * On SIGTERM and SIGINT: not ready → serve on → close streams → stop accepting and finish what runs → close the
 * modules → exit 0. A second signal, or the end of the grace, exits at once with 1. SIGINT comes from a terminal, with
 * no load balancer behind it, and skips the draining. Returns a function that takes the handlers away again.
 */
export function installShutdown(app: NestFastifyApplication, options: ShutdownOptions): () => void {
  const exit = options.exit ?? ((code: number) => process.exit(code));
  const drainSeconds = options.drainSeconds ?? Math.min(5, options.graceSeconds / 4);
  const server = app.getHttpServer();
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => void sockets.add(socket.once('close', () => sockets.delete(socket)));
  server.on('connection', track);
  let begun = false;
  const onSignal = (signal: NodeJS.Signals) => {
    const leave = (code: number) => {
      app.get(Logging).flush();
      exit(code);
    };
    if (begun) return leave(1);
    begun = true;
    logger.log(`${signal}: shutting down within ${options.graceSeconds} s`);
    const hard = setTimeout(() => {
      logger.error('the grace is over, leaving with work unfinished');
      leave(1);
    }, options.graceSeconds * 1000);
    hard.unref();
    shutDown(app, {
      sockets,
      drainMs: signal === 'SIGINT' ? 0 : drainSeconds * 1000,
      requestsUntil: performance.now() + options.graceSeconds * 1000 * (1 - MODULES_SHARE),
    }).then(
      () => {
        clearTimeout(hard);
        leave(0);
      },
      (error: unknown) => {
        clearTimeout(hard);
        logger.error({ err: error });
        leave(1);
      },
    );
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return () => {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    server.off('connection', track);
  };
}

interface Phases {
  sockets: ReadonlySet<Socket>;
  drainMs: number;
  /** On the clock of `performance.now()`. */
  requestsUntil: number;
}

async function shutDown(app: NestFastifyApplication, { sockets, drainMs, requestsUntil }: Phases): Promise<void> {
  const lifecycle = app.get(Lifecycle);
  lifecycle.startDraining();
  app.getHttpAdapter().getInstance().edge.draining = true;
  await delay(drainMs);
  for (const result of await lifecycle.closeStreams())
    if (result.status === 'rejected') logger.error({ err: result.reason as unknown });
  await finishRequests(app.getHttpServer(), sockets, requestsUntil);
  // Not earlier: closing a module takes its pool away from requests that still run.
  await app.close();
}

/** Stops listening and waits for the last response; at `until` it cuts what is left, WebSockets included. */
async function finishRequests(server: Server, sockets: ReadonlySet<Socket>, until: number): Promise<void> {
  if (!server.listening) return;
  let open = true;
  const closed = new Promise<void>((resolve) =>
    server.close(() => {
      open = false;
      resolve();
    }),
  );
  while (open) {
    // Node closes idle connections once, when `close` is called. Those that were busy then stay open when they are
    // done, unless their response already said `Connection: close`; those that never sent a byte count as busy.
    server.closeIdleConnections();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    if (performance.now() >= until) {
      logger.warn('closing connections whose requests did not finish in time');
      for (const socket of sockets) socket.destroy();
    }
    await Promise.race([closed, delay(IDLE_CHECK_MS)]);
  }
}
