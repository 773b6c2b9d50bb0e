import type { MongoAbility } from '@casl/ability';
import type { Rights } from '#libs/database/access.js';
import { ActorValue } from '#libs/database/conditions.js';
import type { Resource } from '#libs/database/resource.js';
import { rightsOf } from './rights.js';
import { abilityOf, resourceOfSubject, type Rule } from './rules.js';

/** A combination of roles. Rights are lowered once for all who hold it: their own ids are parameters. */
export class RoleSet {
  private readonly byResource = new Map<Resource, Rights>();
  private ownOnly?: boolean;
  private readonly templates: readonly MongoAbility[];

  constructor(readonly rules: readonly (readonly Rule[])[]) {
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
  /** Whether all that it lets read beyond what `everyAccounts` does are rows of the holder's own. */
  readsOnlyOwn(everyAccounts: RoleSet): boolean {
    return (this.ownOnly ??= this.rules.flat().every((rule) => everyAccounts.has(rule) || readsOwn(rule)));
  }
  private has(rule: Rule): boolean {
    return this.rules.some((rules) => rules.includes(rule));
  }
  abilitiesOf(actor: (property: string) => unknown): MongoAbility[] {
    return this.rules.map((r) => abilityOf(r, actor));
  }
}

/** Whether a rule lets read no row but those that name the holder. */
function readsOwn({ action, subject, conditions, inverted }: Rule): boolean {
  const reads = [action].flat().some((a) => a === 'read' || a === 'manage');
  if (inverted || !reads) return true;
  if (resourceOfSubject(subject)?.definition.personal !== undefined) return true;
  return Object.values(conditions ?? {}).some((value) => value === '${actor.id}');
}
