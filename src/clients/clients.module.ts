import { Module } from '@nestjs/common';
import { AccessModule } from '#src/access/access.module.js';
import { ClientsController } from './clients.controller.js';
import { ClientsResolver } from './clients.resolver.js';
import { ClientsService } from './clients.service.js';

@Module({
  imports: [AccessModule],
  controllers: [ClientsController],
  providers: [ClientsService, ClientsResolver],
  exports: [ClientsService],
})
export class ClientsModule {}
