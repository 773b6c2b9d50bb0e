import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import { AccessState } from '#libs/authn/access-state.js';
import type { Actor } from '#libs/authz/actor.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import type { Document, Listing } from '#libs/database/answers.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { Statements } from '#libs/database/statements.js';
import { AppError } from '#libs/errors/app-error.js';
import { Sessions } from '#libs/oidc/sessions.js';
import { adminRole } from '#src/access/role.entity.js';
import { RolesService } from '#src/access/roles.service.js';
import { User } from './user.entity.js';
import type { SetUserRolesInput, SuspendUserInput, UpdateProfileInput } from './users.contract.js';
import { userErrors } from './users.errors.js';
import { users } from './users.resource.js';

type IfMatch = string | null | undefined;

const userRows: Rows<User> = { resource: users, entity: User, notFound: userErrors.USER_NOT_FOUND };
const anotherAdminStatement = {
  name: 'users_another_admin',
  text: `select exists (select from users
           where roles @> array[$1]::text[] and status = 'ACTIVE' and deleted_at is null and id <> $2)`,
};

@Injectable()
export class UsersService {
  constructor(
    private readonly reads: Reads,
    private readonly commands: RowCommands,
    private readonly statements: Statements,
    private readonly roles: RolesService,
    private readonly access: AccessState,
    private readonly audit: Audit,
    private readonly sessions: Sessions,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(users, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask): Promise<Document> {
    const found = await this.reads.document(users, actor, id, ask);
    if (!found) throw new AppError(userErrors.USER_NOT_FOUND);
    return found;
  }
  me(actor: Actor, ask: Ask): Promise<Document> {
    return this.get(actor, actor.requireId(), ask);
  }
  async updateMe(actor: Actor, input: UpdateProfileInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (user: User) => actor.requireFields('update', user, input);
    const work = (_em: EntityManager, user: User) => user.updateProfile(input);
    const answer = await this.commands.change(userRows, { actor, id: actor.requireId(), ifMatch, allow, work }, ask);
    // What the account is answered in is remembered with its rights.
    if (input.locale !== undefined) await this.access.refresh();
    return answer;
  }
  async suspend(actor: Actor, id: string, input: SuspendUserInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (user: User) => actor.require('suspend', user);
    const work = async (em: EntityManager, user: User) => {
      if (user.id === actor.id) throw new AppError(userErrors.SELF_SUSPENSION);
      if (user.isActiveAdmin) await this.requireAnotherAdmin(em, user);
      user.suspend(input.reason ?? null);
      this.record(em, 'user.suspend', user);
      await this.sessions.endAll(em, user.id, 'SUSPENDED');
    };
    const answer = await this.commands.change(userRows, { actor, id, ifMatch, allow, work }, ask);
    await this.access.refresh();
    return answer;
  }
  async reactivate(actor: Actor, id: string, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (user: User) => actor.require('reactivate', user);
    const work = async (em: EntityManager, user: User) => {
      user.reactivate();
      // A sign-in that was half done when the account was suspended must not go on now.
      await this.sessions.endAll(em, user.id, 'SUSPENDED');
      this.record(em, 'user.reactivate', user);
    };
    const answer = await this.commands.change(userRows, { actor, id, ifMatch, allow, work }, ask);
    await this.access.refresh();
    return answer;
  }
  async setRoles(actor: Actor, id: string, input: SetUserRolesInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (user: User) => actor.requireFields('setRoles', user, input);
    const work = async (em: EntityManager, user: User) => {
      await this.roles.requireGivableRoles(em, actor, input.roles, user.roles, 'roles');
      if (user.isActiveAdmin && !input.roles.includes(adminRole)) await this.requireAnotherAdmin(em, user);
      user.roles = input.roles;
      this.record(em, 'user.set-roles', user);
    };
    const answer = await this.commands.change(userRows, { actor, id, ifMatch, allow, work }, ask);
    await this.access.refresh();
    return answer;
  }

  private record(em: EntityManager, action: string, { id }: User): void {
    this.audit.record(em, { action, subject: 'User', subjectId: id, personId: id });
  }
  /** LAST_ADMIN when this is the only one. Two admins who stop being one at once come through here one by one. */
  private async requireAnotherAdmin(em: EntityManager, user: User): Promise<void> {
    await this.roles.lockAdmins(em);
    const [[there]] = (await this.statements.run(anotherAdminStatement, [adminRole, user.id], em)) as [[boolean]];
    if (!there) throw new AppError(userErrors.LAST_ADMIN);
  }
}
