import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { actionsOf } from '#libs/authz/actions.js';
import type { Actor } from '#libs/authz/actor.js';
import { judged, placed, type JudgedRule, type PlacedRule } from '#libs/authz/explain.js';
import { Roles } from '#libs/authz/roles.js';
import { ownId, resourceOfSubject, subjects } from '#libs/authz/rules.js';
import { Database } from '#libs/database/database.js';
import { invalid, isUuid } from '#libs/database/list.js';
import type { Resource } from '#libs/database/resource.js';
import { AppError } from '#libs/errors/app-error.js';
import { User, UserStatus } from '#src/users/user.entity.js';
import { userErrors } from '#src/users/users.errors.js';
import { ruleView } from './access.resource.js';
import { Role } from './role.entity.js';
import type {
  ExplainPermissionInput,
  PermissionExplanationView,
  PermissionRuleView,
  PermissionsView,
} from './permissions.contract.js';

/** What users may do, and which rule says so. */
@Injectable()
export class PermissionsService {
  constructor(
    private readonly database: Database,
    private readonly roles: Roles,
  ) {}

  async ofUser(actor: Actor, id: string): Promise<PermissionsView> {
    return this.database.transaction(async (em) => this.permissionsOf(await this.visibleUser(em, actor, id)));
  }
  mine(actor: Actor): Promise<PermissionsView> {
    return this.database.transaction(async (em) =>
      withoutReasons(this.permissionsOf(await this.user(em, actor.requireId()))),
    );
  }
  explain(actor: Actor, id: string, input: ExplainPermissionInput): Promise<PermissionExplanationView> {
    return this.database.transaction(async (em) =>
      this.explanation(em, actor, await this.visibleUser(em, actor, id), input),
    );
  }
  explainMine(actor: Actor, input: ExplainPermissionInput): Promise<PermissionExplanationView> {
    return this.database.transaction(async (em) =>
      withoutReasons(await this.explanation(em, actor, await this.user(em, actor.requireId()), input)),
    );
  }

  private async user(em: EntityManager, id: string): Promise<User> {
    const user = isUuid(id) && (await em.findOne(User, { id: id.toLowerCase(), deletedAt: null }));
    if (!user) throw new AppError(userErrors.USER_NOT_FOUND);
    return user;
  }
  private async visibleUser(em: EntityManager, actor: Actor, id: string): Promise<User> {
    const user = await this.user(em, id);
    if (!actor.can('read', user)) throw new AppError(userErrors.USER_NOT_FOUND);
    // What they say together, each of the rules says.
    for (const role of await em.find(Role, { name: { $in: user.roles }, deletedAt: null })) actor.require('read', role);
    return user;
  }
  private rulesByRole({ id, roles }: User): PlacedRule[][] {
    const names = ['anonymous', 'signedIn', ...roles];
    return this.roles.actor(id, roles).rulesByRole.map((rules, i) => placed(names[i], rules));
  }
  private permissionsOf(user: User): PermissionsView {
    const rules = this.rulesByRole(user).flat();
    return {
      userId: user.id,
      roles: ['anonymous', 'signedIn', ...user.roles],
      suspended: user.status === UserStatus.SUSPENDED,
      rules: rules.map((rule) => viewOf(rule, user.id)),
    };
  }
  private async explanation(
    em: EntityManager,
    actor: Actor,
    user: User,
    { action, subject, id, field }: ExplainPermissionInput,
  ): Promise<PermissionExplanationView> {
    const resource = resourceOfSubject(subject);
    if (!resource) throw invalid('subject', 'ENUM', { allowed: subjects().join(', ') });
    const known = actionsOf(subject);
    if (!known.includes(action)) throw invalid('action', 'ENUM', { allowed: known.join(', ') });
    if (field !== undefined && !resource.fields.has(field) && !resource.columns.has(field))
      throw invalid('field', 'ENUM', { allowed: [...resource.fields.keys()].join(', ') });
    const row = id === undefined ? undefined : await this.visibleRow(em, actor, resource, id);
    const byRole = this.rulesByRole(user).map((rules) => judged(rules, { action, subject, row, field }, user.id));
    const { outcome, role } = outcomeOf(byRole, user, resource, row);
    const rules = byRole.flat().map((rule) => Object.assign(viewOf(rule, user.id), { verdict: rule.verdict }));
    return { allowed: outcome === 'ALLOWED', outcome, role, rules };
  }
  /** Nobody learns by a question that there is a row which they may not see. */
  private async visibleRow(em: EntityManager, actor: Actor, { definition }: Resource, id: string): Promise<object> {
    const row = await em.findOne(definition.entity as typeof User, { id: id.toLowerCase(), deletedAt: null });
    if (!row || !actor.can('read', row)) throw invalid('id', 'NOT_FOUND');
    return row;
  }
}
function outcomeOf(
  byRole: readonly (readonly JudgedRule[])[],
  user: User,
  { definition: { personal } }: Resource,
  row: object | undefined,
): Pick<PermissionExplanationView, 'outcome' | 'role'> {
  if (user.status === UserStatus.SUSPENDED) return { outcome: 'SUSPENDED', role: null };
  if (row && personal !== undefined && (row as Record<string, unknown>)[personal] !== user.id)
    return { outcome: 'NOT_OWN', role: null };
  const all = byRole.flat();
  const gives = all.find(({ verdict }) => verdict === 'GIVES');
  if (gives) return { outcome: 'ALLOWED', role: gives.role };
  if (all.some(({ verdict, rule }) => verdict === 'OVERRULED' && !rule.inverted))
    return { outcome: 'TAKEN_BACK', role: null };
  return { outcome: all.some(({ rule }) => !rule.inverted) ? 'CONDITIONS_NOT_MET' : 'NO_RULE', role: null };
}
/** Reasons are for those who may see the roles of others. */
function withoutReasons<View extends { readonly rules: PermissionRuleView[] }>(view: View): View {
  for (const rule of view.rules) rule.reason = null;
  return view;
}
/** For CASL in a client: what stands for the user's own id is that id. */
function viewOf({ role, builtIn, position, rule }: PlacedRule, userId: string): PermissionRuleView {
  const view = ruleView(rule);
  const conditions =
    view.conditions &&
    (JSON.parse(JSON.stringify(view.conditions).replaceAll(`"${ownId}"`, `"${userId}"`)) as Record<string, unknown>);
  return Object.assign(view, { role, builtIn, position, conditions });
}
