import { Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Public, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { Body, CommandOperation, IfMatch, ListOperation, ReadOperation } from '#libs/http/operation.js';
import { created, restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { CreateProductInput, UpdateProductInput } from './catalog.contract.js';
import { catalogErrors } from './catalog.errors.js';
import { products } from './catalog.resource.js';
import { ProductsService } from './products.service.js';

const { PRODUCT_NOT_FOUND, SKU_TAKEN } = catalogErrors;

@ApiTags('catalog')
@Controller({ path: 'products', version: '1' })
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  @Get()
  @Public()
  @ListOperation(products, { id: 'listProducts', summary: 'Lists the products that the caller may see.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.products.list(actor, restList(products, query));
  }
  @Post()
  @Can('create', 'Product')
  @CommandOperation(products, {
    id: 'createProduct',
    summary: 'Makes a product.',
    byId: false,
    status: 201,
    input: CreateProductInput,
    errors: [SKU_TAKEN],
  })
  async create(@Who() actor: Actor, @Body(CreateProductInput) input: CreateProductInput, @Query() query: RestQuery) {
    return created('/v1/products', await this.products.create(actor, input, restAsk(products, query)));
  }
  @Get(':id')
  @Public()
  @ReadOperation(products, { id: 'getProduct', summary: 'Reads a product.', errors: [PRODUCT_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.products.get(actor, id, restAsk(products, query));
  }
  @Patch(':id')
  @Can('update', 'Product')
  @CommandOperation(products, {
    id: 'updateProduct',
    summary: 'Changes a product.',
    input: UpdateProductInput,
    ifMatch: true,
    errors: [PRODUCT_NOT_FOUND, SKU_TAKEN],
  })
  update(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(UpdateProductInput) input: UpdateProductInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.products.update(actor, id, input, ifMatch, restAsk(products, query));
  }
  @Delete(':id')
  @Can('delete', 'Product')
  @CommandOperation(products, {
    id: 'deleteProduct',
    summary: 'Deletes a product; orders keep what they took over from it.',
    status: 204,
    ifMatch: true,
    errors: [PRODUCT_NOT_FOUND],
  })
  async delete(@Who() actor: Actor, @Param('id') id: string, @IfMatch() ifMatch: string | undefined) {
    await this.products.delete(actor, id, ifMatch);
  }
}
