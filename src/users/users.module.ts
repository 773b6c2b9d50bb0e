import { Module } from '@nestjs/common';
import { AccessModule } from '#src/access/access.module.js';
import { UsersController } from './users.controller.js';
import './users.policy.js';
import { UsersResolver } from './users.resolver.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AccessModule],
  controllers: [UsersController],
  providers: [UsersService, UsersResolver],
  exports: [UsersService],
})
export class UsersModule {}
