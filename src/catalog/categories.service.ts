import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/authz/actor.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import type { Document, Listing } from '#libs/database/answers.js';
import { Database } from '#libs/database/database.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { Statements } from '#libs/database/statements.js';
import { withUniques, uniqueId, type Unique } from '#libs/database/unique.js';
import { AppError } from '#libs/errors/app-error.js';
import type { CreateCategoryInput, UpdateCategoryInput } from './catalog.contract.js';
import { catalogErrors } from './catalog.errors.js';
import { categories } from './catalog.resource.js';
import { Category } from './category.entity.js';

type IfMatch = string | null | undefined;

const categoryRows: Rows<Category> = {
  resource: categories,
  entity: Category,
  notFound: catalogErrors.CATEGORY_NOT_FOUND,
};
const uniques: Readonly<Record<string, Unique>> = {
  categories_pkey: uniqueId,
  categories_slug: { error: catalogErrors.SLUG_TAKEN, field: 'slug' },
};
const inUseStatement = {
  name: 'category_in_use',
  text: 'select exists (select from products where category_id = $1 and deleted_at is null)',
};

@Injectable()
export class CategoriesService {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
    private readonly statements: Statements,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(categories, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask, em?: EntityManager): Promise<Document> {
    const found = await this.reads.document(categories, actor, id, ask, em);
    if (!found) throw new AppError(catalogErrors.CATEGORY_NOT_FOUND);
    return found;
  }
  create(actor: Actor, input: CreateCategoryInput, ask: Ask): Promise<Document> {
    return this.database.transaction(async (em) => {
      const category = Category.of(input);
      actor.requireFields('create', category, input);
      em.persist(category);
      await withUniques(uniques, () => em.flush());
      return this.get(actor, category.id, ask, em);
    });
  }
  update(actor: Actor, id: string, input: UpdateCategoryInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (category: Category) => actor.requireFields('update', category, input);
    const work = async (em: EntityManager, category: Category) => {
      category.update(input);
      actor.require('update', category);
      await withUniques(uniques, () => em.flush());
    };
    return this.commands.change(categoryRows, { actor, id, ifMatch, allow, work }, ask);
  }
  /** The id of what is gone. */
  delete(actor: Actor, id: string, ifMatch: IfMatch): Promise<string> {
    const allow = (category: Category) => actor.require('delete', category);
    const work = async (em: EntityManager, category: Category) => {
      // Whoever puts a product into the category holds a lock on it, so no product can come in after this look.
      const [[inUse]] = (await this.statements.run(inUseStatement, [category.id], em)) as [[boolean]];
      if (inUse) throw new AppError(catalogErrors.CATEGORY_IN_USE);
      category.delete();
    };
    return this.commands.delete(categoryRows, { actor, id, ifMatch, allow, work });
  }
}
