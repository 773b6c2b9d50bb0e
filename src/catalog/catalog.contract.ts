import { Choice, Id, Input, Int, Json, One, PartialOf, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';
import { Money, MoneyInput, MoneyView } from '#libs/contract/money.js';
import { ProductStatus } from './product.entity.js';

const statusDescriptions = {
  DRAFT: 'Not for sale yet; seen by managers.',
  ACTIVE: 'For sale.',
  ARCHIVED: 'Not for sale any more; seen by managers.',
};
const slug = { minLength: 1, maxLength: 60, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' };
const sku = { minLength: 1, maxLength: 40, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' };
const name = { minLength: 1, maxLength: 200 };
export const maxStock = 1_000_000;

@View('Category', 'A group of products.')
export class CategoryView extends ResourceView {
  @Text({ ...slug, description: 'Name for addresses: lower case, with hyphens.', example: 'coffee-and-tea' })
  slug!: string;

  @Text({ ...name, maxLength: 120, description: 'Name.', example: 'Coffee & tea' })
  name!: string;

  @Text({ maxLength: 2000, description: 'What is in it.', example: 'Beans, leaves and what brews them.' })
  description!: string;

  @Int({ min: 0, description: 'Place among the categories.' })
  position!: number;
}

@View('Product', 'Something for sale.')
export class ProductView extends ResourceView {
  @Id({ description: 'Id of its category.' })
  categoryId!: string;

  @Text({ ...sku, description: 'Stock keeping unit: the number it goes by; unique.', example: 'COF-0001' })
  sku!: string;

  @Text({ ...name, description: 'Name.', example: 'Espresso beans, 1 kg' })
  name!: string;

  @Text({ maxLength: 5000, description: 'Description.', example: 'Dark roast from two farms in Huila.' })
  description!: string;

  @Money({ description: 'Price of one piece.' })
  price!: MoneyView;

  @Int({ min: 0, max: maxStock, description: 'Pieces that can be ordered.' })
  stock!: number;

  @Choice('ProductStatus', ProductStatus, { description: 'Whether it is for sale.', descriptions: statusDescriptions })
  status!: ProductStatus;

  @Json({ description: 'What distinguishes it, by name.', example: { roast: 'dark', weightGrams: 1000 } })
  attributes!: Record<string, unknown>;

  @One(() => CategoryView, { nullable: true, description: 'Its category; null when that may not be seen.' })
  category!: CategoryView | null;
}

abstract class CategoryFields {
  @Text({ ...slug, description: 'Name for addresses: lower case, with hyphens; unique.', example: 'coffee-and-tea' })
  slug!: string;

  @Text({ ...name, maxLength: 120, description: 'Name.', example: 'Coffee & tea' })
  name!: string;

  @Text({
    optional: true,
    maxLength: 2000,
    description: 'What is in it.',
    example: 'Beans, leaves and what brews them.',
  })
  description?: string;

  @Int({ optional: true, min: 0, description: 'Place among the categories.' })
  position?: number;
}
@Input('CreateCategoryInput', 'A new category.')
export class CreateCategoryInput extends CategoryFields {
  @Id({ optional: true, description: 'Any UUID of the client’s own; made by the server when left out.' })
  id?: string;
}
@Input('UpdateCategoryInput', 'Changes of a category; what is left out stays.')
export class UpdateCategoryInput extends PartialOf(CategoryFields) {}

@Input('UpdateMoneyInput', 'A change of an amount of money; what is left out stays.')
export class UpdateMoneyInput extends PartialOf(MoneyInput) {}

abstract class ProductFields {
  @Id({ description: 'Id of its category.' })
  categoryId!: string;

  @Text({ ...sku, description: 'Stock keeping unit; unique.', example: 'COF-0001' })
  sku!: string;

  @Text({ ...name, description: 'Name.', example: 'Espresso beans, 1 kg' })
  name!: string;

  @Text({
    optional: true,
    maxLength: 5000,
    description: 'Description.',
    example: 'Dark roast from two farms in Huila.',
  })
  description?: string;

  @Int({ optional: true, min: 0, max: maxStock, description: 'Pieces that can be ordered.' })
  stock?: number;

  @Choice('ProductStatus', ProductStatus, {
    optional: true,
    description: 'Whether it is for sale; DRAFT unless told.',
    descriptions: statusDescriptions,
  })
  status?: ProductStatus;

  @Json({
    optional: true,
    description: 'What distinguishes it, by name. A change is merged with what is there; null removes a name.',
    example: { roast: 'dark' },
  })
  attributes?: Record<string, unknown>;
}
@Input('CreateProductInput', 'A new product.')
export class CreateProductInput extends ProductFields {
  @Id({ optional: true, description: 'Any UUID of the client’s own; made by the server when left out.' })
  id?: string;

  @One(() => MoneyInput, { description: 'Price of one piece.' })
  price!: MoneyInput;
}
@Input('UpdateProductInput', 'Changes of a product; what is left out stays.')
export class UpdateProductInput extends PartialOf(ProductFields) {
  @One(() => UpdateMoneyInput, { optional: true, description: 'Price of one piece; what is left out of it stays.' })
  price?: UpdateMoneyInput;
}
