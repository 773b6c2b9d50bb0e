import { Injectable } from '@nestjs/common';
import type { Locale } from '#libs/messages/messages.js';
import { Actor, type HeldRoles } from './actor.js';
import { builtInRules } from './policy.js';
import { RoleSet } from './role-set.js';
import type { Rule } from './rules.js';

/** Whose rules an account has, whatever its roles. */
const everyAccount = ['anonymous', 'signedIn'];

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
  /** Anonymous without an id. Stored names; a name that is not stored gives no rights. */
  actor(id: string | null, roles: readonly string[], locale?: Locale): Actor {
    if (id === null) return new Actor({ kind: 'anonymous' }, this.held(['anonymous'], roles));
    return new Actor({ kind: 'user', id }, this.held(everyAccount, roles), locale);
  }
  /** A service that acts in its own name: it has no account, so nothing that every account has. */
  client(clientId: string, roles: readonly string[]): Actor {
    return new Actor({ kind: 'client', clientId }, this.held(['anonymous'], roles));
  }
  private held(implied: readonly string[], names: readonly string[]): HeldRoles {
    const everybodys = this.set(['anonymous']);
    return { names, all: this.set([...implied, ...names]), everybodys, everyAccounts: this.set(everyAccount) };
  }
  private set(roles: readonly string[]): RoleSet {
    const key = [...roles].sort().join();
    let set = this.sets.get(key);
    if (!set) {
      const rules = roles.map((role) => [...builtInRules(role), ...(this.stored.get(role) ?? [])]);
      this.sets.set(key, (set = new RoleSet(rules)));
    }
    return set;
  }
}
