import { Module } from '@nestjs/common';
import { PermissionsController } from './permissions.controller.js';
import { PermissionsResolver } from './permissions.resolver.js';
import { PermissionsService } from './permissions.service.js';
import { RolesController } from './roles.controller.js';
import { RolesResolver } from './roles.resolver.js';
import { RolesService } from './roles.service.js';

@Module({
  controllers: [RolesController, PermissionsController],
  providers: [RolesService, RolesResolver, PermissionsService, PermissionsResolver],
  exports: [RolesService],
})
export class AccessModule {}
