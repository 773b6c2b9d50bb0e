import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from '#libs/audit/audited.js';
import type { Rule } from '#libs/authz/rules.js';
import { BaseEntity } from '#libs/database/base-entity.js';

/** The role that may do everything. Somebody must always hold it. */
export const adminRole = 'admin';

@Audited<Role>({ subject: 'Role' })
@Entity({ tableName: 'roles' })
export class Role extends BaseEntity {
  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  description!: string;

  @Property({ type: 'boolean' })
  builtIn = false;

  /** In force beside the rules that a built-in role has from the policies. */
  @Property({ type: 'json', columnType: 'jsonb' })
  rules: Rule[] = [];
}
