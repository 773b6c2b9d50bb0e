import type { FastifyInstance } from 'fastify';

interface KnownPath {
  pattern: RegExp;
  methods: Set<string>;
}

/**
 * Which methods an address has, for 405 and `Allow`: the router only says that it found nothing. Asked after the
 * router has failed and therefore not in a hurry.
 */
export class RouteMethods {
  private readonly paths = new Map<string, KnownPath>();

  /** Records every route that is registered from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      // The catch-all of @fastify/cors answers preflights and is no address.
      if (url === '*') return;
      let path = this.paths.get(url);
      if (!path) this.paths.set(url, (path = { pattern: patternOf(url), methods: new Set() }));
      for (const name of typeof method === 'string' ? [method] : method) path.methods.add(name);
    });
  }

  /** Sorted; empty for an address that nobody has. `path` is as sent, without the query. */
  at(path: string): string[] {
    const methods = new Set<string>();
    for (const known of this.paths.values())
      if (known.pattern.test(path)) for (const method of known.methods) methods.add(method);
    return [...methods].sort();
  }
}

/** The syntax of find-my-way: `:name`, `:name(regex)`, `*`, and `::` for a colon. */
export function patternOf(url: string): RegExp {
  const source = url.replace(
    /::|:[^/.(-]+(\([^)]*\))?|\*|[.+?^${}()|[\]\\]/g,
    (token: string, regex: string | undefined) => {
      if (token === '::') return ':';
      if (token === '*') return '.*';
      if (!token.startsWith(':')) return `\\${token}`;
      return regex ? `(?:${regex.slice(1, -1).replace(/^\^|\$$/g, '')})` : '[^/]+?';
    },
  );
  return new RegExp(`^${source}$`);
}
