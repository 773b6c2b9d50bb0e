import { Args, ArgsType, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Public, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { childPages } from '#libs/graphql/child-pages.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { CategoryView, CreateProductInput, ProductView, UpdateProductInput } from './catalog.contract.js';
import { products } from './catalog.resource.js';
import { ProductsService } from './products.service.js';

@ObjectType({ description: 'A page of products.' })
export class ProductConnection extends Connection(products) {}
@ArgsType()
export class ProductListArgs extends ConnectionArgs(products) {}

const product = (description: string) => ({ description, nullable: true });

@Resolver(() => ProductView)
export class ProductsResolver {
  constructor(private readonly service: ProductsService) {}

  @Query(() => ProductConnection, product('Lists the products that the caller may see.'))
  @Public()
  products(@Who() actor: Actor, @Args() args: ProductListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, products)));
  }
  @Query(() => ProductView, product('Reads a product.'))
  @Public()
  product(@Who() actor: Actor, @IdArg('product') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, products));
  }
  @Mutation(() => ProductView, product('Makes a product.'))
  @Can('create', 'Product')
  createProduct(
    @Who() actor: Actor,
    @InputArg(CreateProductInput) input: CreateProductInput,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.create(actor, input, askOf(info, products));
  }
  @Mutation(() => ProductView, product('Changes a product.'))
  @Can('update', 'Product')
  updateProduct(
    @Who() actor: Actor,
    @IdArg('product') id: string,
    @InputArg(UpdateProductInput) input: UpdateProductInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.update(actor, id, input, ifMatch, askOf(info, products));
  }
  @Mutation(() => ID, product('Deletes a product; orders keep what they took over from it. Answers with its id.'))
  @Can('delete', 'Product')
  deleteProduct(@Who() actor: Actor, @IdArg('product') id: string, @IfMatchArg() ifMatch: string | undefined) {
    return this.service.delete(actor, id, ifMatch);
  }
}

/** What products add to categories. */
export const CategoryProductsResolver = childPages('CategoryProductsResolver', {
  parent: CategoryView,
  field: 'products',
  resource: products,
  key: 'categoryId',
  page: ProductConnection,
  args: ProductListArgs,
  access: Public(),
  description: 'The products of the category that the caller may see.',
});
