import { Injectable } from '@nestjs/common';
import type { MongoAbility } from '@casl/ability';
import { ActorValue } from '#libs/database/conditions.js';
import type { Rights } from '#libs/database/access.js';
import type { Resource } from '#libs/database/resource.js';
import { Actor } from './actor.js';
import { builtInRules } from './policy.js';
import { rightsOf } from './rights.js';
import { abilityOf, type Rule } from './rules.js';

/** A combination of roles. Rights are lowered once for all who hold it: their own ids are parameters. */
export class RoleSet {
  private readonly byResource = new Map<Resource, Rights>();
  private readonly templates: readonly MongoAbility[];

  constructor(private readonly rules: readonly (readonly Rule[])[]) {
    this.templates = rules.map((r) => abilityOf(r, (property) => new ActorValue(property)));
  }
  rights(resource: Resource): Rights {
    let rights = this.byResource.get(resource);
    if (!rights) this.byResource.set(resource, (rights = rightsOf(this.templates, resource)));
    return rights;
  }
  mayEver(action: string, subject: string): boolean {
    return this.templates.some((ability) => ability.can(action, subject));
  }
  abilitiesOf(actor: (property: string) => unknown): MongoAbility[] {
    return this.rules.map((r) => abilityOf(r, actor));
  }
}

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
  actor(id: string | null, roles: readonly string[]): Actor {
    const key = [...roles].sort().join();
    let set = this.sets.get(key);
    if (!set) {
      const rules = ['anonymous', ...roles].map((role) => [...builtInRules(role), ...(this.stored.get(role) ?? [])]);
      this.sets.set(key, (set = new RoleSet(rules)));
    }
    return new Actor(id, roles, set);
  }
}
