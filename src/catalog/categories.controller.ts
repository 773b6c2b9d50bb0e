import { Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Public, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { Body, CommandOperation, IfMatch, ListOperation, ReadOperation } from '#libs/http/operation.js';
import { created, restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { CreateCategoryInput, UpdateCategoryInput } from './catalog.contract.js';
import { catalogErrors } from './catalog.errors.js';
import { categories } from './catalog.resource.js';
import { CategoriesService } from './categories.service.js';

const { CATEGORY_NOT_FOUND, CATEGORY_IN_USE, SLUG_TAKEN } = catalogErrors;

@ApiTags('catalog')
@Controller({ path: 'categories', version: '1' })
export class CategoriesController {
  constructor(private readonly categories: CategoriesService) {}

  @Get()
  @Public()
  @ListOperation(categories, { id: 'listCategories', summary: 'Lists the categories of the catalog.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.categories.list(actor, restList(categories, query));
  }
  @Post()
  @Can('create', 'Category')
  @CommandOperation(categories, {
    id: 'createCategory',
    summary: 'Makes a category.',
    byId: false,
    status: 201,
    input: CreateCategoryInput,
    errors: [SLUG_TAKEN],
  })
  async create(@Who() actor: Actor, @Body(CreateCategoryInput) input: CreateCategoryInput, @Query() query: RestQuery) {
    return created('/v1/categories', await this.categories.create(actor, input, restAsk(categories, query)));
  }
  @Get(':id')
  @Public()
  @ReadOperation(categories, { id: 'getCategory', summary: 'Reads a category.', errors: [CATEGORY_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.categories.get(actor, id, restAsk(categories, query));
  }
  @Patch(':id')
  @Can('update', 'Category')
  @CommandOperation(categories, {
    id: 'updateCategory',
    summary: 'Changes a category.',
    input: UpdateCategoryInput,
    ifMatch: true,
    errors: [CATEGORY_NOT_FOUND, SLUG_TAKEN],
  })
  update(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(UpdateCategoryInput) input: UpdateCategoryInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.categories.update(actor, id, input, ifMatch, restAsk(categories, query));
  }
  @Delete(':id')
  @Can('delete', 'Category')
  @CommandOperation(categories, {
    id: 'deleteCategory',
    summary: 'Deletes a category that has no products.',
    status: 204,
    ifMatch: true,
    errors: [CATEGORY_NOT_FOUND, CATEGORY_IN_USE],
  })
  async delete(@Who() actor: Actor, @Param('id') id: string, @IfMatch() ifMatch: string | undefined) {
    await this.categories.delete(actor, id, ifMatch);
  }
}
