import type { Received, Sent } from '#test/fuzz/transport.js';

export interface CacheRules {
  /** A cache that takes the address for all there is: popular, and wrong. */
  readonly byAddressOnly?: boolean;
}
interface Stored {
  readonly answer: Received;
  readonly asked: Sent;
  readonly vary: readonly string[];
  readonly storedAt: number;
  readonly lifetime: number;
}
const fieldOf = ({ headers }: Sent, name: string) => headers.find(([of]) => of.toLowerCase() === name)?.[1];

/** A shared cache between clients and the service (RFC 9111): what one was given, another may get. */
export class SharedCache {
  private readonly stored = new Map<string, Stored[]>();
  hits = 0;

  constructor(
    private readonly origin: (sent: Sent) => Promise<Received>,
    private readonly rules: CacheRules = {},
    /** Seconds; the cache's clock. */
    private readonly now: () => number = () => Date.now() / 1000,
  ) {}

  async send(sent: Sent): Promise<Received> {
    if (sent.method !== 'GET') return this.origin(sent);
    const found = this.stored.get(sent.target)?.find((stored) => this.fits(stored, sent));
    if (found) {
      this.hits++;
      return found.answer;
    }
    const answer = await this.origin(sent);
    this.keep(sent, answer);
    return answer;
  }
  /** §4: the same address, the same value of every field in `Vary`, and fresh (or stale within RFC 5861). */
  private fits(stored: Stored, sent: Sent): boolean {
    if (this.now() - stored.storedAt >= stored.lifetime) return false;
    if (this.rules.byAddressOnly) return true;
    return stored.vary.every((name) => name !== '*' && fieldOf(stored.asked, name) === fieldOf(sent, name));
  }
  /** §3: neither `no-store` nor `private`; with `Authorization` only when the answer says so itself (§3.5). */
  private keep(asked: Sent, answer: Received): void {
    if (answer.status !== 200) return;
    const control = answer.headers['cache-control'] ?? '';
    const directives = new Map(
      control.split(',').map((part): [string, number] => {
        const [name, value] = part.trim().toLowerCase().split('=');
        return [name, Number(value ?? 0)];
      }),
    );
    if (!this.rules.byAddressOnly) {
      if (directives.has('no-store') || directives.has('private')) return;
      const isPublic = ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name));
      if (fieldOf(asked, 'authorization') !== undefined && !isPublic) return;
      // Without revalidation nothing may be used again (§5.2.2.4).
      if (directives.has('no-cache')) return;
    }
    const lifetime = this.rules.byAddressOnly
      ? 60
      : (directives.get('s-maxage') ?? directives.get('max-age') ?? 0) +
        (directives.get('stale-while-revalidate') ?? 0);
    const vary = (answer.headers.vary ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter(Boolean);
    const others = this.stored.get(asked.target) ?? [];
    this.stored.set(asked.target, [...others, { answer, asked, vary, storedAt: this.now(), lifetime }]);
  }
}
