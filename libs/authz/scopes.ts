import { allResources } from '#libs/database/resource.js';
import { resourceOfSubject } from './rules.js';

/** All that the account may do. */
export const fullScope = 'api';

/** One scope of the API, as clients ask for it (RFC 6749 §3.3). */
export interface ApiScope {
  readonly name: string;
  /** Plural of the resource as in paths; absent for the scope of everything. */
  readonly resource?: string;
  readonly access: 'all' | 'read' | 'write';
}
/** Every scope of the API: two for each resource that rules speak of, and one for everything. */
export function apiScopes(): ApiScope[] {
  const paths = [...allResources()].flatMap((r) => (r.definition.subject ? [r.path] : [])).sort();
  return [
    { name: fullScope, access: 'all' },
    ...paths.flatMap((resource): ApiScope[] => [
      { name: `${resource}:read`, resource, access: 'read' },
      { name: `${resource}:write`, resource, access: 'write' },
    ]),
  ];
}

const pathsBySubject = new Map<string, string | undefined>();
function pathOf(subject: string): string | undefined {
  let path = pathsBySubject.get(subject);
  if (path === undefined) pathsBySubject.set(subject, (path = resourceOfSubject(subject)?.path));
  return path;
}
/** The least scope that lets a token do this; a subject without a resource takes everything. */
export function scopeFor(action: string, subject: string): string {
  const path = pathOf(subject);
  return path === undefined ? fullScope : `${path}:${action === 'read' ? 'read' : 'write'}`;
}

const maxParsed = 2000;

/**
 * What a token lets its holder do of what the account may; it only narrows. Writing includes reading, since a command
 * answers with what it changed.
 */
export class Scopes {
  private static readonly parsed = new Map<string, Scopes>();
  private static readonly known = new Map<string, Scopes>();
  static readonly all = Scopes.of(fullScope);

  private constructor(
    private readonly names: ReadonlySet<string>,
    readonly isFull: boolean,
    /** As the claim `scope` (RFC 9068 §2.2.3): `of` makes the same of it. */
    readonly claim: string,
  ) {}

  /** From the claim `scope`. The same scopes are the same object; what is no scope of the API lets nothing. */
  static of(claim: string | undefined): Scopes {
    const text = typeof claim === 'string' ? claim : '';
    const before = this.parsed.get(text);
    if (before) return before;
    const names = new Set(
      text.split(' ').filter((name) => name === fullScope || /^[a-z-]+:(?:read|write)$/.test(name)),
    );
    const isFull = names.has(fullScope);
    const key = isFull ? fullScope : [...names].sort().join(' ');
    for (const map of [this.parsed, this.known]) if (map.size >= maxParsed) map.clear();
    const scopes = this.known.get(key) ?? new Scopes(names, isFull, key);
    this.known.set(key, scopes);
    this.parsed.set(text, scopes);
    return scopes;
  }
  allow(action: string, subject: string): boolean {
    if (this.isFull) return true;
    const path = pathOf(subject);
    if (path === undefined) return false;
    return this.names.has(`${path}:write`) || (action === 'read' && this.names.has(`${path}:read`));
  }
}
