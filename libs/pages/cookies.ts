import type { FastifyReply, FastifyRequest } from 'fastify';

export interface CookieOptions {
  /** Without it the cookie ends with the browser. */
  readonly seconds?: number;
  readonly path?: string;
}

/** Cookies of one request. Values are of our making: letters, digits, `-`, `_` and `.`. */
export class Cookies {
  private readonly received = new Map<string, string>();

  constructor(
    request: FastifyRequest,
    private readonly reply: FastifyReply,
    private readonly secure: boolean,
  ) {
    for (const part of (request.headers.cookie ?? '').split(';')) {
      const at = part.indexOf('=');
      const name = part.slice(0, at).trim();
      // The first one counts: browsers send cookies of longer paths first (RFC 6265 §5.4).
      if (at > 0 && !this.received.has(name)) this.received.set(name, part.slice(at + 1).trim());
    }
  }
  get(name: string, options: CookieOptions = {}): string | undefined {
    return this.received.get(this.named(name, options)) || undefined;
  }
  set(name: string, value: string, options: CookieOptions = {}): void {
    this.write(name, value, options);
  }
  clear(name: string, options: CookieOptions = {}): void {
    this.write(name, '', { ...options, seconds: 0 });
  }
  private write(name: string, value: string, options: CookieOptions): void {
    const { seconds, path = '/' } = options;
    const parts = [`${this.named(name, options)}=${value}`, `Path=${path}`, 'HttpOnly', 'SameSite=Lax'];
    if (seconds !== undefined) parts.push(`Max-Age=${seconds}`);
    if (this.secure) parts.push('Secure');
    this.received.set(this.named(name, options), value);
    // One header field for each cookie; the reply appends them.
    this.reply.header('set-cookie', parts.join('; '));
  }
  /** Browsers let no other host or subdomain set a cookie with such a name (RFC 6265bis §4.1.3). */
  private named(name: string, { path = '/' }: CookieOptions): string {
    if (!this.secure) return `tandem_${name}`;
    return `${path === '/' ? '__Host-' : '__Secure-'}tandem_${name}`;
  }
}
