import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from '#libs/audit/audited.js';
import type { Rule } from '#libs/authz/rules.js';
import { BaseEntity } from '#libs/database/base-entity.js';

/** The role that may do everything. Somebody must always hold it. */
export const adminRole = 'admin';

interface GivenRule {
  readonly action: readonly string[];
  readonly subject: string;
  readonly fields?: readonly string[] | null;
  readonly conditions?: Readonly<Record<string, unknown>> | null;
  readonly inverted?: boolean;
  readonly reason?: string | null;
}
interface RoleFields {
  readonly description?: string;
  readonly rules?: readonly GivenRule[];
}

@Audited<Role>({ subject: 'Role' })
@Entity({ tableName: 'roles' })
export class Role extends BaseEntity {
  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  description = '';

  @Property({ type: 'boolean' })
  builtIn = false;

  /** In force beside the rules that a built-in role has from the policies. */
  @Property({ type: 'json', columnType: 'jsonb' })
  rules: Rule[] = [];

  static of({ id, name, ...fields }: RoleFields & { readonly id?: string; readonly name: string }): Role {
    const role = new Role();
    if (id) role.id = id.toLowerCase();
    role.name = name;
    role.update(fields);
    return role;
  }
  /** What is left out stays. */
  update({ description, rules }: RoleFields): void {
    if (description !== undefined) this.description = description;
    if (rules !== undefined) this.rules = rules.map(ruleOf);
  }
  delete(): void {
    this.deletedAt = new Date();
  }
}
/** As it is stored: without what says nothing. */
export const ruleOf = ({ action, subject, fields, conditions, inverted, reason }: GivenRule): Rule => ({
  action,
  subject,
  ...(fields && { fields }),
  ...(conditions && { conditions }),
  ...(inverted && { inverted }),
  ...(reason && { reason }),
});
