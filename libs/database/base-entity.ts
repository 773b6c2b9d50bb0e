import { PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { v7 as uuidv7 } from 'uuid';

/**
 * Columns of every resource. The database's `stamp` trigger writes `version`, `updated_at` and `xid` (which no entity
 * maps: it is for change streams); MikroORM's version check agrees with it as both count by one.
 */
export abstract class BaseEntity {
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @Property({ type: 'datetime', columnType: 'timestamptz(3)' })
  createdAt: Date = new Date();

  @Property({ type: 'datetime', columnType: 'timestamptz(3)', defaultRaw: 'now()' })
  updatedAt?: Date;

  @Property({ type: 'integer', version: true })
  version!: number;

  /** Set instead of deleting: clients that sync have to learn of it. */
  @Property({ type: 'datetime', columnType: 'timestamptz(3)', nullable: true })
  deletedAt?: Date | null;
}
