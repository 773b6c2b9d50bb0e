import type { Rule } from '#libs/authz/rules.js';
import { resource } from '#libs/database/resource.js';
import { RoleView, type RoleRuleView } from './access.contract.js';
import { Role } from './role.entity.js';

/** A rule as both APIs show it: nothing of it is absent. */
export const ruleView = ({ action, subject, fields, conditions, inverted, reason }: Rule): RoleRuleView => ({
  action: [action].flat(),
  subject,
  fields: fields ? [...fields] : null,
  conditions: conditions ?? null,
  inverted: inverted ?? false,
  reason: reason ?? null,
});

/** No policy names this subject: only admins, who may do everything, and who they let, see roles. */
export const roles = resource({
  name: 'role',
  plural: 'roles',
  view: RoleView,
  entity: Role,
  subject: 'Role',
  filters: { id: ['in'], name: ['eq', 'in'], builtIn: ['eq'] },
  sorts: ['name', 'createdAt'],
  defaultSort: 'name',
  computed: {
    rules: { from: ['rules'], value: ([rules]: readonly any[]) => (rules as Rule[]).map(ruleView), isLocalized: false },
  },
});
