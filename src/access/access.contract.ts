import { Flag, Id, Input, Json, Many, PartialOf, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';

export const maxRules = 100;
const action = { list: true, minItems: 1, maxItems: 20, uniqueItems: true, maxLength: 60, pattern: '^[a-z][A-Za-z]*$' };
const subject = { maxLength: 60, pattern: '^[A-Za-z]+$' };
const fields = { list: true, nullable: true, maxItems: 100, uniqueItems: true, maxLength: 60, pattern: '^[A-Za-z]+$' };
const reason = { nullable: true, maxLength: 200 };
export const aboutRules = {
  action: {
    ...action,
    description: 'What it is about: `read`, `update`, … or `manage` for everything.',
    example: 'read',
  },
  subject: { ...subject, description: 'To what: a subject such as `User`, or `all`.', example: 'User' },
  fields: { ...fields, description: 'Only these fields; null for the row and all of its fields.', example: 'email' },
  conditions: {
    nullable: true,
    description:
      'Only rows that meet this: values by column, or `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte` of them, joined by `$and`, `$or`, `$nor`. `${actor.id}` is the id of whoever holds the role. Null for all rows.',
    example: { status: 'ACTIVE' },
  },
  inverted: { description: 'It takes back what the rules before it give.', example: false },
  reason: { ...reason, description: 'Why it is there, for other admins.', example: 'Agreed with the works council' },
};

@View('RoleRule', 'One rule of a role: what may be done, to which rows, and to which of their fields.')
export class RoleRuleView {
  @Text(aboutRules.action)
  action!: string[];

  @Text(aboutRules.subject)
  subject!: string;

  @Text(aboutRules.fields)
  fields!: string[] | null;

  @Json(aboutRules.conditions)
  conditions!: Record<string, unknown> | null;

  @Flag(aboutRules.inverted)
  inverted!: boolean;

  @Text(aboutRules.reason)
  reason!: string | null;
}
@Input('RoleRuleInput', 'One rule of a role: what may be done, to which rows, and to which of their fields.')
export class RoleRuleInput {
  @Text(aboutRules.action)
  action!: string[];

  @Text(aboutRules.subject)
  subject!: string;

  @Text({ ...aboutRules.fields, optional: true })
  fields?: string[] | null;

  @Json({ ...aboutRules.conditions, optional: true })
  conditions?: Record<string, unknown> | null;

  @Flag({ ...aboutRules.inverted, optional: true })
  inverted?: boolean;

  @Text({ ...aboutRules.reason, optional: true })
  reason?: string | null;
}

const name = { minLength: 1, maxLength: 40, pattern: '^[a-z][a-z0-9-]*$' };
const description = {
  maxLength: 500,
  description: 'What it is for.',
  example: 'Helps customers: sees their accounts.',
};

@View('Role', 'A named set of rules that users can be given.')
export class RoleView extends ResourceView {
  @Text({ ...name, description: 'The name that users are given it by.', example: 'support' })
  name!: string;

  @Text(description)
  description!: string;

  @Flag({ description: 'Whether it comes with the service, with rules of its own that every domain defines.' })
  builtIn!: boolean;

  @Many(() => RoleRuleView, {
    columns: {},
    maxItems: maxRules,
    description:
      'Its rules, beside those that a built-in role has from the domains. The order counts for inverted ones.',
  })
  rules!: RoleRuleView[];
}

abstract class RoleFields {
  @Text({ ...description, optional: true })
  description?: string;

  @Many(() => RoleRuleInput, {
    optional: true,
    maxItems: maxRules,
    description: 'Its rules, all of them. An inverted one takes back what those before it give.',
  })
  rules?: RoleRuleInput[];
}
@Input('CreateRoleInput', 'A new role.')
export class CreateRoleInput extends RoleFields {
  @Id({ optional: true, description: 'Any UUID of the client’s own; made by the server when left out.' })
  id?: string;

  @Text({ ...name, description: 'The name that users are given it by. It stays.', example: 'auditor' })
  name!: string;
}
@Input('UpdateRoleInput', 'Changes of a role; what is left out stays. `rules` replaces them all.')
export class UpdateRoleInput extends PartialOf(RoleFields) {}
