import { Module } from '@nestjs/common';
import './catalog.policy.js';
import { CategoriesController } from './categories.controller.js';
import { CategoriesResolver } from './categories.resolver.js';
import { CategoriesService } from './categories.service.js';
import { ProductsController } from './products.controller.js';
import { CategoryProductsResolver, ProductsResolver } from './products.resolver.js';
import { ProductsService } from './products.service.js';
import { Stock } from './stock.js';

@Module({
  controllers: [CategoriesController, ProductsController],
  providers: [
    CategoriesService,
    ProductsService,
    Stock,
    CategoriesResolver,
    ProductsResolver,
    CategoryProductsResolver,
  ],
  exports: [CategoriesService, ProductsService, Stock],
})
export class CatalogModule {}
