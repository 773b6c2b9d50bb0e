import { LockMode, type EntityClass, type EntityManager } from '@mikro-orm/postgresql';
import type { BaseEntity } from '#libs/database/base-entity.js';
import { invalid } from '#libs/database/list.js';
import type { Actor } from './actor.js';

/**
 * Refuses an input whose `field` names a row that is not there or that the actor may not see: NOT_FOUND, nobody can tell
 * which. A row that is there cannot be deleted until the transaction ends.
 */
export async function requireVisible<E extends BaseEntity>(
  em: EntityManager,
  entity: EntityClass<E>,
  actor: Actor,
  id: string,
  field: string,
): Promise<void> {
  const where = { id: id.toLowerCase(), deletedAt: null };
  const row = await em.findOne<BaseEntity>(entity, where, { lockMode: LockMode.PESSIMISTIC_READ });
  if (!row || !actor.can('read', row)) throw invalid(field, 'NOT_FOUND');
}
