import { Entity, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '#libs/database/base-entity.js';
import { Category } from './category.entity.js';

export const ProductStatus = { DRAFT: 'DRAFT', ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED' } as const;
export type ProductStatus = keyof typeof ProductStatus;

@Entity({ tableName: 'products' })
export class Product extends BaseEntity {
  @ManyToOne(() => Category, { mapToPk: true, fieldName: 'category_id' })
  categoryId!: string;

  @Property({ type: 'text' })
  sku!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  description = '';

  @Property({ type: 'bigint', runtimeType: 'number' })
  priceAmount!: number;

  @Property({ type: 'text' })
  currency!: string;

  @Property({ type: 'integer' })
  stock = 0;

  @Property({ type: 'text' })
  status: ProductStatus = ProductStatus.DRAFT;

  @Property({ type: 'json', columnType: 'jsonb' })
  attributes: Record<string, unknown> = {};

  /** Words of sku, name and description; the database keeps it. */
  @Property({ type: 'string', columnType: 'tsvector', generated: 'stored', lazy: true, hidden: true })
  search?: string;
}
