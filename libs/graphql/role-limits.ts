import type { Config } from '#libs/config/config.js';
import { defaultLimits, type QueryLimits } from './limits.js';

const names = Object.keys(defaultLimits) as (keyof QueryLimits)[];
/** Each limit by itself: the one that `choose` takes of all of these. */
const each = (choose: (...values: number[]) => number, all: readonly QueryLimits[]): QueryLimits =>
  Object.fromEntries(
    names.map((name) => [name, choose(...all.map((limits) => limits[name]))]),
  ) as unknown as QueryLimits;

/** Limits of documents by the caller's roles. */
export class RoleLimits {
  private readonly base: QueryLimits;
  private readonly anonymous: QueryLimits;
  private readonly byRole: ReadonlyMap<string, QueryLimits>;
  /** What nobody may go past: no caller has to be known to refuse it. */
  readonly most: QueryLimits;
  /** What everybody may ask. */
  readonly least: QueryLimits;

  constructor({ default: base, anonymous, roles }: Config['graphql']['limits']) {
    this.base = { ...defaultLimits, ...base };
    this.anonymous = { ...this.base, ...anonymous };
    this.byRole = new Map(Object.entries(roles ?? {}).map(([role, limits]) => [role, { ...this.base, ...limits }]));
    const all = [this.base, this.anonymous, ...this.byRole.values()];
    this.most = each(Math.max, all);
    this.least = each(Math.min, all);
  }
  /** Roles add up: of several the most generous value counts. A role that has no limits of its own has the default. */
  of(actor: { readonly isAnonymous: boolean; readonly roles: readonly string[] }): QueryLimits {
    if (actor.isAnonymous) return this.anonymous;
    if (actor.roles.length === 0) return this.base;
    return each(
      Math.max,
      actor.roles.map((role) => this.byRole.get(role) ?? this.base),
    );
  }
}
