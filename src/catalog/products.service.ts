import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/authz/actor.js';
import { requireVisible } from '#libs/authz/require-visible.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import type { Document, Listing } from '#libs/database/answers.js';
import { Database } from '#libs/database/database.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { withUniques, uniqueId, type Unique } from '#libs/database/unique.js';
import { AppError } from '#libs/errors/app-error.js';
import type { CreateProductInput, UpdateProductInput } from './catalog.contract.js';
import { catalogErrors } from './catalog.errors.js';
import { products } from './catalog.resource.js';
import { Category } from './category.entity.js';
import { Product } from './product.entity.js';

type IfMatch = string | null | undefined;

const productRows: Rows<Product> = { resource: products, entity: Product, notFound: catalogErrors.PRODUCT_NOT_FOUND };
const uniques: Readonly<Record<string, Unique>> = {
  products_pkey: uniqueId,
  products_sku: { error: catalogErrors.SKU_TAKEN, field: 'sku' },
};

@Injectable()
export class ProductsService {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(products, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask, em?: EntityManager): Promise<Document> {
    const found = await this.reads.document(products, actor, id, ask, em);
    if (!found) throw new AppError(catalogErrors.PRODUCT_NOT_FOUND);
    return found;
  }
  create(actor: Actor, input: CreateProductInput, ask: Ask): Promise<Document> {
    return this.database.transaction(async (em) => {
      const product = Product.of(input);
      actor.requireFields('create', product, input);
      await requireVisible(em, Category, actor, product.categoryId, 'categoryId');
      em.persist(product);
      await withUniques(uniques, () => em.flush());
      return this.get(actor, product.id, ask, em);
    });
  }
  /** The row is locked as placing an order locks it: a new stock is what it says, whatever is being taken meanwhile. */
  update(actor: Actor, id: string, input: UpdateProductInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (product: Product) => actor.requireFields('update', product, input);
    const work = async (em: EntityManager, product: Product) => {
      const { categoryId } = product;
      product.update(input);
      // Nor may a change lead out of what the caller may change.
      actor.require('update', product);
      if (product.categoryId !== categoryId)
        await requireVisible(em, Category, actor, product.categoryId, 'categoryId');
      await withUniques(uniques, () => em.flush());
    };
    return this.commands.change(productRows, { actor, id, ifMatch, allow, work }, ask);
  }
  /** The id of what is gone. */
  delete(actor: Actor, id: string, ifMatch: IfMatch): Promise<string> {
    const allow = (product: Product) => actor.require('delete', product);
    const work = (_em: EntityManager, product: Product) => product.delete();
    return this.commands.delete(productRows, { actor, id, ifMatch, allow, work });
  }
}
