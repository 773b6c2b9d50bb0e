import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/authz/actor.js';
import type { Document, Listing } from '#libs/database/answers.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { Statements } from '#libs/database/statements.js';
import { AppError } from '#libs/errors/app-error.js';
import { accessErrors } from './access.errors.js';
import { roles } from './access.resource.js';
import { adminRole } from './role.entity.js';

const holdStatement = {
  name: 'roles_hold',
  text: `select name from roles where name = any($1::text[]) and deleted_at is null order by name for key share`,
};
const lockStatement = { name: 'roles_lock', text: `select from roles where name = $1 for no key update` };

@Injectable()
export class RolesService {
  constructor(
    private readonly reads: Reads,
    private readonly statements: Statements,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(roles, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask): Promise<Document> {
    const found = await this.reads.document(roles, actor, id, ask);
    if (!found) throw new AppError(accessErrors.ROLE_NOT_FOUND);
    return found;
  }
  /** Those of the names that roles have. Until the transaction ends none of these roles can go. */
  async hold(em: EntityManager, names: readonly string[]): Promise<Set<string>> {
    const rows = (await this.statements.run(holdStatement, [names], em)) as [string][];
    return new Set(rows.map(([name]) => name));
  }
  /** Until the transaction ends no other can take the admin role from anybody: whoever does it comes here first. */
  async lockAdmins(em: EntityManager): Promise<void> {
    await this.statements.run(lockStatement, [adminRole], em);
  }
}
