import { Module } from '@nestjs/common';
import { CatalogModule } from '#src/catalog/catalog.module.js';
import { NotificationsModule } from '#src/notifications/notifications.module.js';
import { OrdersController } from './orders.controller.js';
import './orders.policy.js';
import { OrdersResolver, UserOrdersResolver } from './orders.resolver.js';
import { OrdersService } from './orders.service.js';

@Module({
  imports: [CatalogModule, NotificationsModule],
  controllers: [OrdersController],
  providers: [OrdersService, OrdersResolver, UserOrdersResolver],
  exports: [OrdersService],
})
export class OrdersModule {}
