import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createContext, runInContext } from '#libs/context/request-context.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { answerClientError } from './client-error.js';
import type { EdgeState } from './edge-state.js';
import { acceptJsonBodies } from './json-body.js';
import { RouteMethods } from './route-methods.js';
import { pathOf, sendError } from './send-error.js';

export interface AdapterOptions {
  /** Bytes of a body. */
  bodyLimit: number;
  /** Levels of objects and arrays in a JSON body. */
  maxJsonDepth: number;
  /** Milliseconds for a whole request to arrive, its body included. */
  requestTimeout: number;
  /** Milliseconds for the header section to arrive. */
  headersTimeout: number;
  /** Milliseconds between two looks for requests that are late; the two limits above are this much longer in truth. */
  connectionsCheckingInterval: number;
  /** Milliseconds; longer than the load balancer's, or it writes into connections that are just being closed. */
  keepAliveTimeout: number;
  /** Bytes of the request line and all header fields. */
  maxHeaderSize: number;
  /** Characters of one path parameter; ids have 36. */
  maxParamLength: number;
  /** Addresses and CIDR ranges whose `X-Forwarded-*` fields are believed. */
  trustProxy: readonly string[];
  /** Page whose anchors explain the error codes. */
  errorDocsUrl?: string;
}

const defaults: AdapterOptions = {
  bodyLimit: 128 * 1024,
  maxJsonDepth: 32,
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16 * 1024,
  maxParamLength: 200,
  trustProxy: [],
};

/**
 * The HTTP server: limits, time-outs, body parsing, the request's context, and one shape for every error, whichever
 * layer it comes from. `configureEdge` adds what depends on the configuration.
 */
export function createAdapter(options: Partial<AdapterOptions> = {}): FastifyAdapter {
  const settings = { ...defaults, ...options };
  const edge: EdgeState = { headers: {}, draining: false, errorDocsUrl: settings.errorDocsUrl };
  const adapter = new EdgeAdapter({
    bodyLimit: settings.bodyLimit,
    requestTimeout: settings.requestTimeout,
    keepAliveTimeout: settings.keepAliveTimeout,
    trustProxy: settings.trustProxy.length > 0 ? [...settings.trustProxy] : false,
    http: {
      requestTimeout: settings.requestTimeout,
      headersTimeout: settings.headersTimeout,
      connectionsCheckingInterval: settings.connectionsCheckingInterval,
      maxHeaderSize: settings.maxHeaderSize,
      // Node would answer with an empty 400; `badTarget` answers with ours.
      requireHostHeader: false,
    },
    routerOptions: {
      maxParamLength: settings.maxParamLength,
      // One address for one thing: caches, logs, limits and policies all see the same path.
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      caseSensitive: true,
    },
    // The context makes the ids; Fastify's would be a second one.
    genReqId: () => '',
    requestIdHeader: false,
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      begin(request, reply, edge);
      const send = (e: unknown) => sendError(e, request, reply);
      runInContext(request.requestContext, () => refuse(error, request, reply, send));
    },
    // No Nest middleware at all: what matches paths beside the router can be walked around.
    skipMiddie: true,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.decorate('edge', edge);
  fastify.decorateRequest('requestContext');
  acceptJsonBodies(fastify, { bodyLimit: settings.bodyLimit, maxDepth: settings.maxJsonDepth });
  nameOperations(fastify);

  const routes = new RouteMethods();
  routes.watch(fastify);
  fastify.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  fastify.setNotFoundHandler((request, reply) => answerNotFound(request, reply, routes));

  // Nest's own way to be the very first hook.
  adapter.setOnRequestHook((request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    begin(request, reply, edge);
    const bad = badTarget(request);
    runInContext(request.requestContext, () => (bad ? refuse(bad, request, reply, done) : done()));
  });
  return adapter;
}

/** Fastify has one error handler, one not-found handler and one body parser, and they are ours. */
class EdgeAdapter extends FastifyAdapter {
  override setErrorHandler() {
    return this.instance;
  }
  override setNotFoundHandler() {
    return this.instance;
  }
  override registerParserMiddleware(): void {}
}

function nameOperations(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const method = typeof route.method === 'string' ? route.method : '*';
    route.config = { ...route.config, operation: `${method} ${route.url}` };
  });
}

/** A client that went away before its answer; nginx's number, seen in logs only. */
const CLIENT_CLOSED_REQUEST = 499;

/** Everything that a request gets before anybody looks at it. */
function begin(request: FastifyRequest, reply: FastifyReply, edge: EdgeState): void {
  const operation = request.routeOptions.config?.operation ?? `${request.method} (no route)`;
  const context = createContext(operation, request.headers);
  context.ip = request.ip;
  request.requestContext = context;
  reply.headers(edge.headers).header('x-correlation-id', context.correlationId);
  if (edge.draining) reply.header('connection', 'close');
  const { onFinished } = edge;
  if (!onFinished) return;

  const startedAt = performance.now();
  const { socket } = request.raw;
  const alreadyWritten = socket?.bytesWritten ?? 0;
  let finished = false;
  const finish = () => {
    if (finished) return;
    finished = true;
    if (!reply.raw.headersSent && reply.raw.statusCode < 400) reply.raw.statusCode = CLIENT_CLOSED_REQUEST;
    // Compressed or not, an answer of known length says how long it is; of streams the socket knows, headers included.
    const length = reply.getHeader('content-length') ?? (socket?.bytesWritten ?? 0) - alreadyWritten;
    onFinished(request, reply, performance.now() - startedAt, request.method === 'HEAD' ? 0 : Number(length));
  };
  // A response whose client went away never finishes, it only closes.
  reply.raw.on('finish', finish).on('close', finish);
}

/** What hooks would not see is counted all the same. */
function refuse(reason: Error, request: FastifyRequest, reply: FastifyReply, send: (error: Error) => void): void {
  const { admit } = request.server.edge;
  if (!admit) return send(reason);
  admit(request, reply).then(() => send(reason), send);
}

/** Targets are ASCII with valid percent-encoded UTF-8 (RFC 3986 §2), and no value of ours holds a NUL. */
function badTarget(request: FastifyRequest): AppError | undefined {
  const url = request.raw.url!;
  if (request.raw.httpVersionMinor === 1 && request.headers.host === undefined) return malformed('no Host');
  if (!/[^!-~]|%/.test(url)) return undefined;
  if (/[^!-~]|%00/.test(url)) return malformed('character that no address may have');
  try {
    decodeURIComponent(url);
    return undefined;
  } catch {
    return malformed('percent-encoding');
  }
}

const malformed = (privateDetail: string) => new AppError(commonErrors.MALFORMED_REQUEST, { privateDetail });

function answerNotFound(request: FastifyRequest, reply: FastifyReply, routes: RouteMethods): void {
  const { edge } = request.server;
  const send = (error: AppError) => {
    if (!edge.showNothingThere?.(error, request, reply)) sendError(error, request, reply);
  };
  const allowed = routes.at(pathOf(request));
  if (allowed.length === 0 || allowed.includes(request.method)) return send(new AppError(commonErrors.NOT_FOUND));
  reply.header('allow', [...allowed.filter((method) => method !== 'OPTIONS'), 'OPTIONS'].join(', '));
  if (request.method === 'OPTIONS') reply.code(204).send();
  else send(new AppError(commonErrors.METHOD_NOT_ALLOWED));
}
