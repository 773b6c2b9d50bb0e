import { Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { Body, CommandOperation, IfMatch, ListOperation, ReadOperation } from '#libs/http/operation.js';
import { created, restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { CreateRoleInput, UpdateRoleInput } from './access.contract.js';
import { accessErrors } from './access.errors.js';
import { roles } from './access.resource.js';
import { RolesService } from './roles.service.js';

const { ROLE_NOT_FOUND, ROLE_NAME_TAKEN, ROLE_BUILT_IN, ROLE_FIXED, ROLE_IN_USE, BEYOND_OWN_RIGHTS } = accessErrors;

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
  @Post()
  @Can('create', 'Role')
  @CommandOperation(roles, {
    id: 'createRole',
    summary: 'Makes a role.',
    byId: false,
    status: 201,
    input: CreateRoleInput,
    errors: [ROLE_NAME_TAKEN, BEYOND_OWN_RIGHTS],
  })
  async create(@Who() actor: Actor, @Body(CreateRoleInput) input: CreateRoleInput, @Query() query: RestQuery) {
    return created('/v1/roles', await this.roles.create(actor, input, restAsk(roles, query)));
  }
  @Get(':id')
  @Can('read', 'Role')
  @ReadOperation(roles, { id: 'getRole', summary: 'Reads a role.', errors: [ROLE_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.roles.get(actor, id, restAsk(roles, query));
  }
  @Patch(':id')
  @Can('update', 'Role')
  @CommandOperation(roles, {
    id: 'updateRole',
    summary: 'Changes what a role is for, or its rules; they hold within two seconds.',
    input: UpdateRoleInput,
    ifMatch: true,
    errors: [ROLE_NOT_FOUND, ROLE_FIXED, BEYOND_OWN_RIGHTS],
  })
  update(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(UpdateRoleInput) input: UpdateRoleInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.roles.update(actor, id, input, ifMatch, restAsk(roles, query));
  }
  @Delete(':id')
  @Can('delete', 'Role')
  @CommandOperation(roles, {
    id: 'deleteRole',
    summary: 'Deletes a role that nobody holds.',
    status: 204,
    ifMatch: true,
    errors: [ROLE_NOT_FOUND, ROLE_BUILT_IN, ROLE_IN_USE],
  })
  async delete(@Who() actor: Actor, @Param('id') id: string, @IfMatch() ifMatch: string | undefined) {
    await this.roles.delete(actor, id, ifMatch);
  }
}
