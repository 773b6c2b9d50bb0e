import { Injectable } from '@nestjs/common';
import { LockMode, type EntityClass, type EntityManager } from '@mikro-orm/postgresql';
import type { Document } from '#libs/database/answers.js';
import type { BaseEntity } from '#libs/database/base-entity.js';
import { Database } from '#libs/database/database.js';
import { isUuid, type Ask } from '#libs/database/list.js';
import { requireMatch } from '#libs/database/precondition.js';
import { Reads } from '#libs/database/reads.js';
import type { Resource } from '#libs/database/resource.js';
import { AppError } from '#libs/errors/app-error.js';
import type { ErrorRow } from '#libs/errors/catalogue.js';
import type { Actor } from './actor.js';

/** Rows that commands change: how they are read, what they are, and what is said where there is none. */
export interface Rows<E extends BaseEntity> {
  readonly resource: Resource;
  readonly entity: EntityClass<E>;
  readonly notFound: ErrorRow;
}
/** A command on one row. */
export interface RowCommand<E extends BaseEntity> {
  readonly actor: Actor;
  readonly id: string;
  readonly ifMatch: string | null | undefined;
  /** Throws unless the actor may do it to this row. */
  readonly allow: (row: E) => void;
  /** The change itself; throws where it is not possible. What it flushes is not flushed again. */
  readonly work: (em: EntityManager, row: E) => void | Promise<void>;
}

/**
 * Commands on one row: in one transaction, under the row's lock, first whether it is there for the actor, then whether they
 * may, then whether the version is the one that they have seen, then whether it is possible.
 */
@Injectable()
export class RowCommands {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
  ) {}

  /** Answers with what came of the row, as the actor may read it then. */
  change<E extends BaseEntity>(rows: Rows<E>, command: RowCommand<E>, ask: Ask): Promise<Document> {
    return this.database.transaction(async (em) => {
      const { id } = await this.run(em, rows, command);
      const found = await this.reads.document(rows.resource, command.actor, id, ask, em);
      if (!found) throw new AppError(rows.notFound);
      return found;
    });
  }
  /** The same for a command whose answer is no resource. */
  async do<E extends BaseEntity>(rows: Rows<E>, command: RowCommand<E>): Promise<void> {
    await this.database.transaction((em) => this.run(em, rows, command));
  }
  /** The id of what is gone. */
  delete<E extends BaseEntity>(rows: Rows<E>, command: RowCommand<E>): Promise<string> {
    return this.database.transaction(async (em) => (await this.run(em, rows, command)).id);
  }
  private async run<E extends BaseEntity>(em: EntityManager, rows: Rows<E>, command: RowCommand<E>): Promise<E> {
    const row = await find(em, rows, command);
    command.allow(row);
    requireMatch(row, command.ifMatch);
    await command.work(em, row);
    await em.flush();
    return row;
  }
}
/** The row with its lock until the transaction ends, or `notFound` when there is none or the actor may not see it. */
async function find<E extends BaseEntity>(em: EntityManager, rows: Rows<E>, { actor, id }: RowCommand<E>): Promise<E> {
  if (!isUuid(id)) throw new AppError(rows.notFound);
  const where = { id: id.toLowerCase(), deletedAt: null };
  const row = await em.findOne<BaseEntity>(rows.entity, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!row || !actor.can('read', row)) throw new AppError(rows.notFound);
  return row as E;
}
