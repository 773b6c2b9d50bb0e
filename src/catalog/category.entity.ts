import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from '#libs/audit/audited.js';
import { BaseEntity } from '#libs/database/base-entity.js';

interface CategoryFields {
  readonly slug: string;
  readonly name: string;
  readonly description?: string;
  readonly position?: number;
}

@Audited<Category>({ subject: 'Category' })
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

  static of(fields: CategoryFields & { readonly id?: string }): Category {
    const category = new Category();
    if (fields.id) category.id = fields.id.toLowerCase();
    category.update(fields);
    return category;
  }
  /** What is left out stays. */
  update({ slug, name, description, position }: Partial<CategoryFields>): void {
    if (slug !== undefined) this.slug = slug;
    if (name !== undefined) this.name = name;
    if (description !== undefined) this.description = description;
    if (position !== undefined) this.position = position;
  }
  delete(): void {
    this.deletedAt = new Date();
  }
}
