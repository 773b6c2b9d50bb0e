import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '#libs/database/base-entity.js';

@Entity({ tableName: 'categories' })
export class Category extends BaseEntity {
  @Property({ type: 'text' })
  slug!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  description = '';

  @Property({ type: 'integer' })
  position = 0;
}
