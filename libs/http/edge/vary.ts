import type { FastifyReply } from 'fastify';
import type { Locale } from '#libs/messages/messages.js';

/**
 * Adds a field name to `Vary`. Setting the header instead would drop what CORS and compression have put there, and
 * shared caches would hand out the wrong variant.
 */
export function varyBy(reply: FastifyReply, field: string): void {
  const current = reply.getHeader('vary');
  const names = current === undefined ? [] : String(current).split(/\s*,\s*/);
  if (names.includes('*') || names.some((name) => name.toLowerCase() === field.toLowerCase())) return;
  reply.header('vary', [...names, field].join(', '));
}

/** Says that the answer has texts in `locale`, chosen by what the client asked for. */
export function localized(reply: FastifyReply, locale: Locale): void {
  reply.header('content-language', locale);
  varyBy(reply, 'Accept-Language');
}
