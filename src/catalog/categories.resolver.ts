import { Args, ArgsType, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Public, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { CreateCategoryInput, UpdateCategoryInput, CategoryView } from './catalog.contract.js';
import { categories } from './catalog.resource.js';
import { CategoriesService } from './categories.service.js';

@ObjectType({ description: 'A page of categories.' })
export class CategoryConnection extends Connection(categories) {}
@ArgsType()
export class CategoryListArgs extends ConnectionArgs(categories) {}

const category = (description: string) => ({ description, nullable: true });

@Resolver(() => CategoryView)
export class CategoriesResolver {
  constructor(private readonly service: CategoriesService) {}

  @Query(() => CategoryConnection, category('Lists the categories of the catalog.'))
  @Public()
  categories(@Who() actor: Actor, @Args() args: CategoryListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, categories)));
  }
  @Query(() => CategoryView, category('Reads a category.'))
  @Public()
  category(@Who() actor: Actor, @IdArg('category') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, categories));
  }
  @Mutation(() => CategoryView, category('Makes a category.'))
  @Can('create', 'Category')
  createCategory(
    @Who() actor: Actor,
    @InputArg(CreateCategoryInput) input: CreateCategoryInput,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.create(actor, input, askOf(info, categories));
  }
  @Mutation(() => CategoryView, category('Changes a category.'))
  @Can('update', 'Category')
  updateCategory(
    @Who() actor: Actor,
    @IdArg('category') id: string,
    @InputArg(UpdateCategoryInput) input: UpdateCategoryInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.update(actor, id, input, ifMatch, askOf(info, categories));
  }
  @Mutation(() => ID, category('Deletes a category that has no products. Answers with its id.'))
  @Can('delete', 'Category')
  deleteCategory(@Who() actor: Actor, @IdArg('category') id: string, @IfMatchArg() ifMatch: string | undefined) {
    return this.service.delete(actor, id, ifMatch);
  }
}
