import type { FastifyReply, FastifyRequest } from 'fastify';
import { destination, pino, type DestinationStream, type LogFn, type Logger, type LoggerOptions } from 'pino';
import { currentContext } from '#libs/context/request-context.js';
import { errorForLog, scrub } from '#libs/telemetry/error-for-log.js';

export interface LoggingOptions {
  level: string;
  /** Where lines go; default standard output, asynchronously. */
  stream?: DestinationStream;
}

/** Never in a log, wherever in a line they turn up (two levels are looked at). */
const SECRETS = [
  'password',
  'newPassword',
  'passwordHash',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'idToken',
  'authorization',
  'cookie',
  'set-cookie',
  'email',
  'ip',
];
const redactPaths = SECRETS.map((name) => (name.includes('-') ? `["${name}"]` : name)).flatMap((name) => [
  name,
  name.startsWith('[') ? `*${name}` : `*.${name}`,
  name.startsWith('[') ? `*.*${name}` : `*.*.${name}`,
]);

/** Just under what one write takes: fewer, larger writes cost half of what small ones do. */
const FLUSH_FROM_BYTES = 15 * 1024;
const FLUSH_EVERY_MS = 250;

/**
 * The two loggers of a process over one stream: `logger` for whatever the code has to say, and one line a request.
 * Lines leave the process in blocks and never hold up a request; pino writes the rest when the process exits.
 */
export class Logging {
  readonly logger: Logger;
  private readonly requests: Logger;
  private readonly stream: DestinationStream & { flushSync?: () => void };

  constructor(options: LoggingOptions) {
    this.stream =
      options.stream ??
      destination({ dest: 1, sync: false, minLength: FLUSH_FROM_BYTES, periodicFlush: FLUSH_EVERY_MS });
    const common: LoggerOptions = {
      level: options.level,
      base: undefined,
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
    };
    this.logger = pino(
      {
        ...common,
        // `clean` has done it; pino's own would take any object with a message for an error.
        serializers: { err: (err: unknown) => err },
        redact: { paths: redactPaths, censor: '[redacted]' },
        mixin: correlation,
        hooks: { logMethod: clean },
      },
      this.stream,
    );
    this.requests = pino(common, this.stream);
  }

  /** Writes the one line of a request. Nothing in it comes from the query, the body or a header field as sent. */
  readonly logRequest = (request: FastifyRequest, reply: FastifyReply, durationMs: number, bytesOut: number): void => {
    const context = request.requestContext;
    const status = reply.raw.statusCode;
    const line = {
      principal: context.principal,
      actedBy: context.actedBy,
      clientId: context.clientId,
      sessionId: context.sessionId,
      operation: context.operation,
      method: request.method,
      status,
      durationMs: Math.round(durationMs * 100) / 100,
      bytesIn: context.bytesIn,
      bytesOut,
      correlationId: context.correlationId,
      traceId: context.traceId,
      clientPlatform: context.clientPlatform,
      clientVersion: context.clientVersion,
      statements: context.statements,
    };
    if (status >= 500) this.requests.error(line, 'request');
    else if (status >= 400) this.requests.warn(line, 'request');
    else if (context.operation.startsWith('GET /health/')) this.requests.debug(line, 'request');
    else this.requests.info(line, 'request');
  };

  /** Writes what is still in memory, synchronously; for the last moments of a process. */
  flush(): void {
    this.stream.flushSync?.();
  }
}

/** Who says at every start which routes and modules there are. */
const STARTUP_CONTEXTS = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);
const INFO = 30;

/**
 * Runs before pino sees a call, and therefore before it repeats an error's message as the text of the line. Errors are
 * replaced by what a log may keep of them, whatever the caller passed; texts lose addresses and tokens.
 */
function clean(this: Logger, args: unknown[], method: LogFn, level: number): void {
  let [line, ...texts] = args.map((arg) => (typeof arg === 'string' ? scrub(arg) : arg));
  if (line instanceof Error) line = { err: line };
  if (typeof line === 'object' && line !== null && 'err' in line) {
    const err = errorForLog(line.err);
    line = { ...line, err };
    if (texts.length === 0) texts = [err.message];
  }
  const context = (line as { context?: string } | undefined)?.context;
  if (level === INFO && context !== undefined && STARTUP_CONTEXTS.has(context))
    this.debug(line, ...(texts as string[]));
  else method.call(this, line, ...(texts as string[]));
}

let second = 0;
let untilSecond = '';
/** RFC 3339 with milliseconds, like pino's own; most of the text is the same for a whole second. */
function isoTime(): string {
  const now = Date.now();
  const thisSecond = now - (now % 1000);
  if (thisSecond !== second) {
    second = thisSecond;
    untilSecond = `,"time":"${new Date(second).toISOString().slice(0, 20)}`;
  }
  return `${untilSecond}${String(now - second).padStart(3, '0')}Z"`;
}

function correlation(): object {
  const context = currentContext();
  if (!context) return {};
  const { correlationId, traceId, principal, actedBy } = context;
  return { correlationId, traceId, ...(actedBy !== undefined && { principal, actedBy }) };
}
