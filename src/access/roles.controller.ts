import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { ListOperation, ReadOperation } from '#libs/http/operation.js';
import { restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { accessErrors } from './access.errors.js';
import { roles } from './access.resource.js';
import { RolesService } from './roles.service.js';

@ApiTags('roles')
@Controller({ path: 'roles', version: '1' })
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Get()
  @Can('read', 'Role')
  @ListOperation(roles, { id: 'listRoles', summary: 'Lists the roles that users can be given.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.roles.list(actor, restList(roles, query));
  }
  @Get(':id')
  @Can('read', 'Role')
  @ReadOperation(roles, { id: 'getRole', summary: 'Reads a role.', errors: [accessErrors.ROLE_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.roles.get(actor, id, restAsk(roles, query));
  }
}
