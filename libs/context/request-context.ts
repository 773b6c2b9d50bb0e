import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { defaultLocale, negotiateLocale, type Locale } from '#libs/messages/messages.js';

/** What every layer may know of the request at hand; the one log line of the request is written from it. */
export interface RequestContext {
  readonly correlationId: string;
  /** 32 hex digits (W3C Trace Context). */
  readonly traceId: string;
  /** The client's own `traceparent`, when it sent a valid one. */
  readonly traceparent?: string;
  locale: Locale;
  readonly acceptLanguage?: string;
  /** `user:<id>`, `client:<id>` or `anonymous`; set by authentication. `system` is work that nobody asked for over HTTP. */
  principal: string;
  /** `user:<id>` of whoever acts as the principal (RFC 8693 `act`); set by authentication. */
  actedBy?: string;
  /** The app that the token was given to, and the session that it is of; set by authentication. */
  clientId?: string;
  sessionId?: string;
  /** The key that the token is bound to (RFC 9449 §6: `cnf.jkt`); set by authentication. */
  boundTo?: string;
  /** With whose end the token ends: its session, or the link to an identity of another issuer; set by authentication. */
  endsWith?: string;
  /** Where the request came from, as far as trusted proxies tell; set by the edge. */
  ip?: string;
  userAgent?: string;
  /** `GET /v1/orders/:id` or `query orders`; set by the transport. */
  operation: string;
  clientPlatform?: string;
  clientVersion?: string;
  /** Size of the request body that was parsed. */
  bytesIn: number;
  /** Statements sent to PostgreSQL for this request. */
  statements: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const currentContext = (): RequestContext | undefined => storage.getStore();
export const currentLocale = (): Locale => storage.getStore()?.locale ?? defaultLocale;
/** The language of the account that asks answers where the request asks for none of ours. */
export function preferLocale(context: RequestContext, locale: Locale): void {
  if (locale !== context.locale) context.locale = negotiateLocale(context.acceptLanguage, locale);
}
export const runInContext = <T>(context: RequestContext, run: () => T): T => storage.run(context, run);
/** For work that a request sets off and that is not part of it. */
export const runWithoutContext = <T>(run: () => T): T => storage.exit(run);

/** Header fields as Node gives them: names in lower case, a repeated field as a list. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

const CORRELATION_ID = /^[A-Za-z0-9._:-]{1,128}$/;
// Version 00 has exactly four parts, a later one may add more; zeros are no ids (W3C Trace Context §3.2.2, §4.3).
const TRACEPARENT =
  /^(?:00(?=-.{32}-.{16}-..$)|(?!00|ff)[0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const CLIENT_PLATFORM = /^[A-Za-z0-9._ -]{1,32}$/;
const CLIENT_VERSION = /^[A-Za-z0-9.+_-]{1,32}$/;

/**
 * A context from the header fields of a request, or a fresh one for work that nobody asked for over HTTP (a job).
 * Invalid ids are replaced, never echoed: they end up in headers and logs.
 */
export function createContext(operation: string, headers?: Headers): RequestContext {
  const isRequest = headers !== undefined;
  headers ??= {};
  const traceparent = matching(headers.traceparent, TRACEPARENT);
  const correlationId = matching(headers['x-correlation-id'], CORRELATION_ID);
  // One random id serves as both where the client has neither.
  const fresh = correlationId !== undefined && traceparent !== undefined ? '' : randomUUID();
  const acceptLanguage = headers['accept-language'] as string | undefined;
  return {
    correlationId: correlationId ?? fresh,
    traceId: traceparent?.slice(3, 35) ?? withoutDashes(fresh),
    traceparent,
    locale: negotiateLocale(acceptLanguage),
    acceptLanguage,
    principal: isRequest ? 'anonymous' : 'system',
    operation,
    userAgent: userAgentOf(headers['user-agent']),
    clientPlatform: matching(headers['x-client-platform'], CLIENT_PLATFORM),
    clientVersion: matching(headers['x-client-version'], CLIENT_VERSION),
    bytesIn: 0,
    statements: 0,
  };
}

const MAX_USER_AGENT = 256;
const userAgentOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value.slice(0, MAX_USER_AGENT) : undefined;

const withoutDashes = (uuid: string) =>
  uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);

function matching(value: string | string[] | undefined, pattern: RegExp): string | undefined {
  return typeof value === 'string' && value.length <= 256 && pattern.test(value) ? value : undefined;
}
