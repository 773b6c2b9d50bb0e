import { Injectable } from '@nestjs/common';
import type { Locale } from '#libs/messages/messages.js';
import { Actor } from './actor.js';
import { builtInRules } from './policy.js';
import { RoleSet } from './role-set.js';
import type { Rule } from './rules.js';

/** The roles in force: built-in rules from the policies, and what admins stored. */
@Injectable()
export class Roles {
  private stored: ReadonlyMap<string, readonly Rule[]> = new Map();
  private sets = new Map<string, RoleSet>();

  /** Replaces the stored rules of all roles; actors made before keep the old ones, so they have to be made anew. */
  replace(stored: ReadonlyMap<string, readonly Rule[]>): void {
    this.stored = stored;
    this.sets = new Map();
  }
  /** Stored names; a name that is not stored gives no rights. */
  actor(id: string | null, roles: readonly string[], locale?: Locale): Actor {
    const key = `${id === null ? '' : 'signed in '}${[...roles].sort().join()}`;
    let set = this.sets.get(key);
    if (!set) {
      const implied = id === null ? ['anonymous'] : ['anonymous', 'signedIn'];
      const rules = [...implied, ...roles].map((role) => [...builtInRules(role), ...(this.stored.get(role) ?? [])]);
      this.sets.set(key, (set = new RoleSet(rules)));
    }
    return new Actor(id, roles, set, locale);
  }
}
