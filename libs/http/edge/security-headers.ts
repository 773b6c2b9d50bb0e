import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import { fastify } from 'fastify';

/** CSP directives by name; an empty list stands for a directive without a value. */
export type CspDirectives = Readonly<Record<string, readonly string[]>>;

/** Nothing may run, load, frame or be submitted: an API answer is not a page. */
export const API_POLICY: CspDirectives = {
  'default-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** A page of our own with its scripts, styles and requests on this origin; `more` replaces single directives. */
export const pagePolicy = (more: CspDirectives = {}): CspDirectives => ({
  ...API_POLICY,
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  ...more,
});

/**
 * The value of `Content-Security-Policy`. A route that serves a page overrides the default with it:
 * `@Header('Content-Security-Policy', contentSecurityPolicy(pagePolicy()))` or `reply.header(…)`.
 */
export const contentSecurityPolicy = (directives: CspDirectives): string =>
  Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(' '))
    .join(';');

/**
 * The security header fields of every response. They never differ between requests, so helmet is asked once and not,
 * as its plugin does, for each request.
 */
export async function securityHeaders(options: { production: boolean }): Promise<Record<string, string>> {
  const server = fastify();
  const settings: FastifyHelmetOptions = {
    contentSecurityPolicy: { useDefaults: false, directives: mutable(API_POLICY) },
    // Only https may promise https.
    strictTransportSecurity: options.production ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  };
  await server.register(helmet, settings);
  server.get('/', (_request, reply) => reply.code(204).send());
  const { headers } = await server.inject('/');
  await server.close();
  const own = new Set(['date', 'connection', 'content-length', 'content-type', 'keep-alive']);
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !own.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

const mutable = (directives: CspDirectives): Record<string, string[]> =>
  Object.fromEntries(Object.entries(directives).map(([name, values]) => [name, [...values]]));
