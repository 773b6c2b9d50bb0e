import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AccessState } from '#libs/authn/access-state.js';
import type { Actor } from '#libs/authz/actor.js';
import { builtInRules } from '#libs/authz/policy.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import { problemsOf, type Rule } from '#libs/authz/rules.js';
import type { Document, Listing } from '#libs/database/answers.js';
import { Database } from '#libs/database/database.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { Statements } from '#libs/database/statements.js';
import { uniqueId, withUniques, type Unique } from '#libs/database/unique.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { CreateRoleInput, UpdateRoleInput } from './access.contract.js';
import { accessDetails, accessErrors } from './access.errors.js';
import { roles } from './access.resource.js';
import { adminRole, Role } from './role.entity.js';

type IfMatch = string | null | undefined;

const roleRows: Rows<Role> = { resource: roles, entity: Role, notFound: accessErrors.ROLE_NOT_FOUND };
const uniques: Readonly<Record<string, Unique>> = {
  roles_pkey: uniqueId,
  roles_name: { error: accessErrors.ROLE_NAME_TAKEN, field: 'name' },
};
const holdStatement = {
  name: 'roles_hold',
  text: `select name, rules from roles where name = any($1::text[]) and deleted_at is null order by name for key share`,
};
const lockStatement = { name: 'roles_lock', text: `select from roles where name = $1 for no key update` };
const inUseStatement = {
  name: 'role_in_use',
  text: `select exists (select from users where roles @> array[$1]::text[] and deleted_at is null)
           or exists (select from clients where roles @> array[$1]::text[] and deleted_at is null)`,
};
const maxDetails = 50;
/** The name of what everybody may, signed in or not. */
const everybody = 'anonymous';
const taken = () => new AppError(accessErrors.ROLE_NAME_TAKEN, { details: [{ field: 'name', code: 'NOT_UNIQUE' }] });

@Injectable()
export class RolesService {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
    private readonly statements: Statements,
    private readonly access: AccessState,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(roles, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask, em?: EntityManager): Promise<Document> {
    const found = await this.reads.document(roles, actor, id, ask, em);
    if (!found) throw new AppError(accessErrors.ROLE_NOT_FOUND);
    return found;
  }
  async create(actor: Actor, input: CreateRoleInput, ask: Ask): Promise<Document> {
    const answer = await this.database.transaction(async (em) => {
      const role = Role.of(input);
      actor.requireFields('create', role, input);
      if (role.name === everybody) throw taken();
      requireValid(role.rules);
      requireGivable(actor, role.rules, []);
      em.persist(role);
      await withUniques(uniques, () => em.flush());
      return this.get(actor, role.id, ask, em);
    });
    await this.access.refresh();
    return answer;
  }
  async update(actor: Actor, id: string, input: UpdateRoleInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (role: Role) => actor.requireFields('update', role, input);
    const work = (_em: EntityManager, role: Role) => {
      if (input.rules !== undefined && role.name === adminRole) throw new AppError(accessErrors.ROLE_FIXED);
      const before = rulesInForce(role);
      role.update(input);
      // Nor may a change lead out of what the caller may change.
      actor.require('update', role);
      if (input.rules === undefined) return;
      requireValid(role.rules);
      requireGivable(actor, role.rules, before, builtInRules(role.name));
    };
    const answer = await this.commands.change(roleRows, { actor, id, ifMatch, allow, work }, ask);
    await this.access.refresh();
    return answer;
  }
  /** The id of what is gone. */
  async delete(actor: Actor, id: string, ifMatch: IfMatch): Promise<string> {
    const allow = (role: Role) => actor.require('delete', role);
    const work = async (em: EntityManager, role: Role) => {
      if (role.builtIn) throw new AppError(accessErrors.ROLE_BUILT_IN);
      // Whoever gives the role holds a lock on it, so nobody can get it after this look.
      const [[inUse]] = (await this.statements.run(inUseStatement, [role.name], em)) as [[boolean]];
      if (inUse) throw new AppError(accessErrors.ROLE_IN_USE);
      role.delete();
    };
    const gone = await this.commands.delete(roleRows, { actor, id, ifMatch, allow, work });
    await this.access.refresh();
    return gone;
  }

  /**
   * Refuses roles that are not there, and a change by which somebody gets or loses one that gives more than the actor has.
   * `before` is what was held, `field` the list's name in the input. Until the transaction ends none of these roles can go.
   */
  async requireGivableRoles(
    em: EntityManager,
    actor: Actor,
    names: readonly string[],
    before: readonly string[],
    field: string,
  ): Promise<void> {
    const rows = (await this.statements.run(holdStatement, [[...new Set([...names, ...before])]], em)) as [
      string,
      Rule[],
    ][];
    const stored = new Map(rows);
    const refused = (
      row: typeof commonErrors.VALIDATION_FAILED,
      code: string,
      isRefused: (name: string) => boolean,
    ) => {
      const details = names.flatMap((name, i) => (isRefused(name) ? [{ field: `${field}.${i}`, code }] : []));
      if (details.length > 0) throw new AppError(row, { details });
    };
    refused(commonErrors.VALIDATION_FAILED, 'NOT_FOUND', (name) => !stored.has(name));
    // The rules as they are now and not as this instance remembers them.
    const rules = (name: string) => [...builtInRules(name), ...stored.get(name)!];
    const exceeds = (name: string) => actor.excess([rules(name)]).length > 0;
    refused(
      accessErrors.BEYOND_OWN_RIGHTS,
      accessDetails.BEYOND_OWN,
      (name) => !before.includes(name) && exceeds(name),
    );
    if (before.some((name) => !names.includes(name) && stored.has(name) && exceeds(name)))
      throw new AppError(accessErrors.BEYOND_OWN_RIGHTS, {
        details: [{ field, code: accessDetails.TAKEN_BEYOND_OWN }],
      });
  }
  /** BEYOND_OWN_RIGHTS about these fields for whoever may not do everything. */
  requireEverything(actor: Actor, fields: readonly string[]): void {
    if (actor.excess([builtInRules(adminRole)]).length === 0) return;
    const details = fields.map((field) => ({ field, code: accessDetails.BEYOND_OWN }));
    throw new AppError(accessErrors.BEYOND_OWN_RIGHTS, { details });
  }
  /** Until the transaction ends no other can take the admin role from anybody: whoever does it comes here first. */
  async lockAdmins(em: EntityManager): Promise<void> {
    await this.statements.run(lockStatement, [adminRole], em);
  }
}
const rulesInForce = ({ name, rules }: Role): Rule[] => [...builtInRules(name), ...rules];

/** VALIDATION_FAILED with a detail for everything in a rule that cannot be stored. */
function requireValid(rules: readonly Rule[]): void {
  const details = rules.flatMap((rule, i) =>
    problemsOf(rule).map(({ field, ...what }) => ({ field: `rules.${i}.${field}`, ...what })),
  );
  if (details.length > 0) throw new AppError(commonErrors.VALIDATION_FAILED, { details: details.slice(0, maxDetails) });
}
/** BEYOND_OWN_RIGHTS for rules that give what neither the actor has nor the role has given before. */
function requireGivable(
  actor: Actor,
  rules: readonly Rule[],
  before: readonly Rule[],
  builtIn: readonly Rule[] = [],
): void {
  const excess = actor.excess([[...builtIn, ...rules]], [before]);
  if (excess.length === 0) return;
  const details = excess.map(({ rule }) => {
    // One of the built-in rules, where the change no longer takes back a part of it.
    const field = rule < builtIn.length ? 'rules' : `rules.${rule - builtIn.length}`;
    return { field, code: accessDetails.BEYOND_OWN };
  });
  throw new AppError(accessErrors.BEYOND_OWN_RIGHTS, { details: details.slice(0, maxDetails) });
}
