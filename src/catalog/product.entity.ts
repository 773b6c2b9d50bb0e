import { Entity, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from '#libs/audit/audited.js';
import { patchedJson } from '#libs/contract/merge-patch.js';
import { BaseEntity } from '#libs/database/base-entity.js';
import { Category } from './category.entity.js';

export const ProductStatus = { DRAFT: 'DRAFT', ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED' } as const;
export type ProductStatus = keyof typeof ProductStatus;

interface Price {
  readonly amount: number;
  readonly currency: string;
}
interface ProductFields {
  readonly categoryId: string;
  readonly sku: string;
  readonly name: string;
  readonly description?: string;
  readonly stock?: number;
  readonly status?: ProductStatus;
  readonly attributes?: Record<string, unknown>;
}

@Audited<Product>({ subject: 'Product' })
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

  static of(fields: ProductFields & { readonly id?: string; readonly price: Price }): Product {
    const product = new Product();
    if (fields.id) product.id = fields.id.toLowerCase();
    product.update(fields);
    return product;
  }
  /** What is left out stays, also of the price; attributes are merged. */
  update(fields: Partial<ProductFields> & { readonly price?: Partial<Price> }): void {
    const { categoryId, sku, name, description, price, stock, status, attributes } = fields;
    if (categoryId !== undefined) this.categoryId = categoryId.toLowerCase();
    if (sku !== undefined) this.sku = sku;
    if (name !== undefined) this.name = name;
    if (description !== undefined) this.description = description;
    if (price?.amount !== undefined) this.priceAmount = price.amount;
    if (price?.currency !== undefined) this.currency = price.currency;
    if (stock !== undefined) this.stock = stock;
    if (status !== undefined) this.status = status;
    if (attributes !== undefined) this.attributes = patchedJson('attributes', this.attributes, attributes);
  }
  delete(): void {
    this.deletedAt = new Date();
  }
}
