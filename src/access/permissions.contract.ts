import { Choice, Flag, Id, Input, Int, Json, Many, Text, View } from '#libs/contract/fields.js';
import { aboutRules, maxRules } from './access.contract.js';

export const RuleVerdict = {
  GIVES: 'GIVES',
  TAKES_BACK: 'TAKES_BACK',
  DOES_NOT_MATCH: 'DOES_NOT_MATCH',
  OVERRULED: 'OVERRULED',
} as const;
export const PermissionOutcome = {
  ALLOWED: 'ALLOWED',
  TAKEN_BACK: 'TAKEN_BACK',
  CONDITIONS_NOT_MET: 'CONDITIONS_NOT_MET',
  NO_RULE: 'NO_RULE',
  NOT_OWN: 'NOT_OWN',
  SUSPENDED: 'SUSPENDED',
} as const;

abstract class RuleFields {
  @Text({
    maxLength: 40,
    description: 'The role that it is a rule of; `anonymous` is everybody, `signedIn` every account.',
    example: 'support',
  })
  role!: string;

  @Flag({ description: 'Whether it comes with the service; others are stored by admins.' })
  builtIn!: boolean;

  @Int({ min: 0, description: 'Its place among the built-in, or the stored, rules of the role.' })
  position!: number;

  @Text(aboutRules.action)
  action!: string[];

  @Text(aboutRules.subject)
  subject!: string;

  @Text(aboutRules.fields)
  fields!: string[] | null;

  @Json({
    nullable: true,
    description: 'Only rows that meet this, with the user’s own id in it. Null for all rows.',
    example: { status: 'ACTIVE' },
  })
  conditions!: Record<string, unknown> | null;

  @Flag(aboutRules.inverted)
  inverted!: boolean;

  @Text(aboutRules.reason)
  reason!: string | null;
}
@View('PermissionRule', 'A rule that a user has by one of the roles.')
export class PermissionRuleView extends RuleFields {}

@View(
  'Permissions',
  'What a user may do: the rules of all roles. Roles add up; an inverted rule takes back from its own role.',
)
export class PermissionsView {
  @Id({ description: 'Id of the user.' })
  userId!: string;

  @Text({
    list: true,
    maxItems: 30,
    maxLength: 40,
    description: 'Names of the roles, those that everybody has first.',
    example: 'customer',
  })
  roles!: string[];

  @Flag({ description: 'Whether the account is suspended, so that every request of it is refused.', example: false })
  suspended!: boolean;

  @Many(() => PermissionRuleView, {
    columns: {},
    maxItems: 30 * maxRules,
    description: 'The rules, by role, in the order that counts.',
  })
  rules!: PermissionRuleView[];
}
@View('ExplainedRule', 'A rule that is about what was asked, and what it has to do with the answer.')
export class ExplainedRuleView extends RuleFields {
  @Choice('RuleVerdict', RuleVerdict, {
    description: 'What it has to do with the answer.',
    descriptions: {
      GIVES: 'It gives the right.',
      TAKES_BACK: 'It takes back what earlier rules of the role give.',
      DOES_NOT_MATCH: 'The row does not meet its conditions.',
      OVERRULED: 'A later rule of the role decides.',
    },
  })
  verdict!: keyof typeof RuleVerdict;
}
@View('PermissionExplanation', 'Whether a user may do something, and by which rules.')
export class PermissionExplanationView {
  @Flag({ description: 'Whether it is allowed; without a row, whether there can be one on which it is.' })
  allowed!: boolean;

  @Choice('PermissionOutcome', PermissionOutcome, {
    description: 'Why.',
    descriptions: {
      ALLOWED: 'A rule of a role gives the right.',
      TAKEN_BACK: 'A rule gives it, and a later one of the same role takes it back.',
      CONDITIONS_NOT_MET: 'There are rules about it, but the row does not meet their conditions.',
      NO_RULE: 'No rule of any role is about it.',
      NOT_OWN: 'The row is personal and belongs to somebody else.',
      SUSPENDED: 'The account is suspended: every request of it is refused.',
    },
  })
  outcome!: keyof typeof PermissionOutcome;

  @Text({
    nullable: true,
    maxLength: 40,
    description: 'The first role by which it is allowed; null when it is not.',
    example: 'support',
  })
  role!: string | null;

  @Many(() => ExplainedRuleView, {
    columns: {},
    maxItems: 30 * maxRules,
    description: 'Every rule about it, by role, first the one that decides.',
  })
  rules!: ExplainedRuleView[];
}
@Input('ExplainPermissionInput', 'What is asked about.')
export class ExplainPermissionInput {
  @Text({ maxLength: 60, description: 'An action: `read`, `update`, …', example: 'read' })
  action!: string;

  @Text({ maxLength: 60, description: 'A subject: `User`, `Role`, …', example: 'User' })
  subject!: string;

  @Id({ optional: true, description: 'Id of a row that the caller sees; without one the question is about any row.' })
  id?: string;

  @Text({
    optional: true,
    maxLength: 60,
    description: 'A field of it; without one the question is about the row.',
    example: 'email',
  })
  field?: string;
}
