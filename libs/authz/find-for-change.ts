import { LockMode, type EntityClass, type EntityManager } from '@mikro-orm/postgresql';
import type { BaseEntity } from '#libs/database/base-entity.js';
import { isUuid } from '#libs/database/list.js';
import { AppError } from '#libs/errors/app-error.js';
import type { ErrorRow } from '#libs/errors/catalogue.js';
import type { Actor } from './actor.js';

/** The row with its lock until the transaction ends, or `notFound` when there is none or the actor may not see it. */
export async function findForChange<E extends BaseEntity>(
  em: EntityManager,
  entity: EntityClass<E>,
  actor: Actor,
  id: string,
  notFound: ErrorRow,
): Promise<E> {
  if (!isUuid(id)) throw new AppError(notFound);
  const where = { id: id.toLowerCase(), deletedAt: null };
  const row = await em.findOne<BaseEntity>(entity, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!row || !actor.can('read', row)) throw new AppError(notFound);
  return row as E;
}
