import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import type { Agent, request } from 'undici';
import { Config } from '#libs/config/config.js';
import { AppError } from '#libs/errors/app-error.js';
import { PublicAddresses } from './addresses.js';
import { egressErrors } from './egress.errors.js';
import { Resolver } from './resolver.js';

export interface EgressRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** From the first look at the name to the last byte. Default 10,000. */
  readonly timeoutMs?: number;
  /** Of the body. Default 1 MiB. */
  readonly maxBytes?: number;
  /** How many redirects are followed, each as carefully as the first address. Only for GET and HEAD; default 0. */
  readonly redirects?: number;
  readonly signal?: AbortSignal;
}
export interface EgressResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

const TIMEOUT_MS = 10_000;
const CONNECT_MS = 5_000;
const MAX_BYTES = 2 ** 20;
const MAX_HEADER_BYTES = 16 * 1024;
/** The ports of the web, and those that any account may listen on: not mail, not a remote shell. */
const isUsualPort = (port: number): boolean => port === 80 || port === 443 || port >= 1024;
/** Who is asked, and how the connection is held, is not the caller's to say. */
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'accept-encoding',
  'content-length',
]);

/** The address is refused; the message is for the log. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * Requests to every URL that a user or an admin can name. Only public addresses are connected to, and the address that is
 * connected to is the one that was looked at: a name is resolved once a connection. What goes wrong is an error of the
 * catalogue that says nothing of what answered; `privateDetail` is for the log.
 */
@Injectable()
export class Egress implements OnApplicationShutdown {
  protected readonly addresses: PublicAddresses;
  private client: ReturnType<Egress['createClient']> | undefined;

  constructor(
    config: Config,
    protected readonly resolver: Resolver,
  ) {
    this.addresses = new PublicAddresses(config.egress.allow);
  }
  async onApplicationShutdown(): Promise<void> {
    const client = await this.client;
    await client?.agent.destroy();
  }
  private opened() {
    return (this.client ??= this.createClient());
  }
  /** Loaded with the first request. */
  private async createClient(): Promise<{ agent: Agent; request: typeof request }> {
    const undici = await import('undici');
    // A dispatcher of our own: the global one may have been told of a proxy by the environment.
    const agent = new undici.Agent({
      connect: { lookup: this.lookup(), timeout: CONNECT_MS },
      allowH2: false,
      connections: 16,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    return { agent, request: undici.request };
  }

  async fetch(url: string | URL, options: EgressRequest = {}): Promise<EgressResponse> {
    const { timeoutMs = TIMEOUT_MS, redirects = 0, signal } = options;
    // Before the clock starts.
    await this.opened();
    const deadline = AbortSignal.timeout(timeoutMs);
    const until = signal ? AbortSignal.any([deadline, signal]) : deadline;
    let target = this.checked(url);
    let { headers } = options;
    try {
      for (let left = redirects; ; left--) {
        const response = await this.once(target, { ...options, headers }, until);
        const next = locationOf(response);
        if (next === undefined) return response;
        if (left <= 0 || !['GET', 'HEAD'].includes(options.method ?? 'GET')) throw new Refused('it redirects');
        // What was meant for one origin is not for another (RFC 9110 §15.4).
        if (next.origin !== target.origin) headers = { accept: headers?.accept ?? '*/*' };
        target = this.checked(next);
      }
    } catch (error) {
      if (error instanceof AppError && error.row !== egressErrors.URL_NOT_ALLOWED) throw error;
      throw new AppError(egressErrors.REMOTE_FAILED, { privateDetail: reasonOf(error), cause: error });
    }
  }

  /** In the form of `fetch`, for packages that take one of their own; never follows a redirect. */
  asFetch(limits: Pick<EgressRequest, 'timeoutMs' | 'maxBytes'> = {}): typeof fetch {
    return async (input, init = {}) => {
      const url = input instanceof Request ? input.url : input;
      const { body } = init;
      const {
        status,
        headers,
        body: bytes,
      } = await this.fetch(url, {
        ...limits,
        method: init.method,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: body === undefined || body === null ? undefined : Buffer.from(await new Response(body).arrayBuffer()),
        signal: init.signal ?? undefined,
      });
      return new Response([204, 205, 304].includes(status) ? null : new Uint8Array(bytes), { status, headers });
    };
  }

  /** What can be told from the text alone; throws URL_NOT_ALLOWED. */
  private checked(url: string | URL): URL {
    const refuse = (privateDetail: string) => new AppError(egressErrors.URL_NOT_ALLOWED, { privateDetail });
    if (!URL.canParse(String(url))) throw refuse('it is no URL');
    const target = new URL(url);
    if (target.protocol !== 'https:' && target.protocol !== 'http:') throw refuse('its scheme is not http');
    if (target.username !== '' || target.password !== '') throw refuse('it names a user');
    if (target.port !== '' && !isUsualPort(Number(target.port))) throw refuse('its port is unusual');
    // A URL has its address in one form by now, whether it was octal, hexadecimal, decimal or short (WHATWG URL §3.5).
    // A dot at the end would keep certificates from matching and is the same name.
    target.hostname = target.hostname.replace(/\.$/, '');
    const literal = target.hostname.replace(/^\[|\]$/g, '');
    if (literal === '') throw refuse('it names no host');
    if (ipaddr.isValid(literal) && !this.addresses.accepts(literal)) throw refuse('its address is not public');
    return target;
  }

  private async once(target: URL, options: EgressRequest, signal: AbortSignal): Promise<EgressResponse> {
    const { method = 'GET', body, maxBytes = MAX_BYTES } = options;
    const { agent, request } = await this.opened();
    const answer = await request(target, {
      dispatcher: agent,
      method,
      headers: headersOf(options.headers),
      body,
      signal,
    });
    const headers = webHeaders(answer.headers);
    // It was not asked for, and what it would unpack to is nobody's to know.
    const coding = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
    const length = Number(headers.get('content-length') ?? 0);
    try {
      if (coding !== 'identity') throw new Refused(`its body is packed (${coding.slice(0, 20)})`);
      if (method !== 'HEAD' && length > maxBytes) throw new Refused('its body is too large');
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw new Refused('its body is too large');
        chunks.push(chunk);
      }
      return { status: answer.statusCode, headers, body: Buffer.concat(chunks), url: target.href };
    } catch (error) {
      answer.body.on('error', () => undefined).destroy();
      throw error;
    }
  }

  /** The only place where a name becomes an address: `net` connects to what comes from here and asks nobody again. */
  protected lookup(): LookupFunction {
    const lookup = callbackify((host: string) => this.checkedAddressesOf(host));
    return (host, { all }, callback) =>
      lookup(host, (error, found) => {
        if (error) callback(error, '');
        else if (all) callback(null, found);
        else callback(null, found[0].address, found[0].family);
      });
  }
  private async checkedAddressesOf(host: string): Promise<LookupAddress[]> {
    const found = await this.resolver.addressesOf(host);
    if (found.length === 0) throw new Refused('its host has no address');
    // One that is not public among public ones is no accident.
    if (!found.every((address) => this.addresses.accepts(address)))
      throw new Refused('its host has an address that is not public');
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }
}

const headersOf = (headers: EgressRequest['headers'] = {}): Record<string, string> => ({
  'user-agent': 'Tandem',
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()))),
  'accept-encoding': 'identity',
});
function webHeaders(headers: Record<string, string | string[] | undefined>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const one of Array.isArray(value) ? value : [value ?? '']) all.append(name, one);
  return all;
}
function locationOf({ status, headers, url }: EgressResponse): URL | undefined {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined;
  if (!URL.canParse(location, url)) throw new Refused('it redirects to no URL');
  return new URL(location, url);
}
/** For the log: the words of an error without its addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof AppError) return error.privateDetail ?? error.code;
  // A DOMException has a number for a code.
  const { code, name, cause } = error as { code?: unknown; name: string; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause instanceof Error ? reasonOf(cause) : name;
}
