import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, SignedIn, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { QueryInput, ResultOperation } from '#libs/http/operation.js';
import { userErrors } from '#src/users/users.errors.js';
import { users } from '#src/users/users.resource.js';
import { ExplainPermissionInput, PermissionExplanationView, PermissionsView } from './permissions.contract.js';
import { PermissionsService } from './permissions.service.js';

const errors = [userErrors.USER_NOT_FOUND];

@ApiTags('users')
@Controller({ path: 'users', version: '1' })
export class PermissionsController {
  constructor(private readonly permissions: PermissionsService) {}

  @Get('me/permissions')
  @SignedIn('read', 'User')
  @ResultOperation(PermissionsView, {
    id: 'getMyPermissions',
    summary: 'Tells what the caller may do, for apps that hide what they may not.',
  })
  mine(@Who() actor: Actor) {
    return this.permissions.mine(actor);
  }
  @Get('me/permissions/explain')
  @SignedIn('read', 'User')
  @ResultOperation(PermissionExplanationView, {
    id: 'explainMyPermission',
    summary: 'Tells whether the caller may do something, and which rule says so.',
    query: ExplainPermissionInput,
  })
  explainMine(@Who() actor: Actor, @QueryInput(ExplainPermissionInput) input: ExplainPermissionInput) {
    return this.permissions.explainMine(actor, input);
  }
  @Get(':id/permissions')
  @Can('read', 'Role')
  @ResultOperation(PermissionsView, {
    id: 'getUserPermissions',
    summary: 'Tells what a user may do.',
    of: users,
    errors,
  })
  ofUser(@Who() actor: Actor, @Param('id') id: string) {
    return this.permissions.ofUser(actor, id);
  }
  @Get(':id/permissions/explain')
  @Can('read', 'Role')
  @ResultOperation(PermissionExplanationView, {
    id: 'explainUserPermission',
    summary: 'Tells whether a user may do something, and which rule says so.',
    of: users,
    query: ExplainPermissionInput,
    errors,
  })
  explain(
    @Who() actor: Actor,
    @Param('id') id: string,
    @QueryInput(ExplainPermissionInput) input: ExplainPermissionInput,
  ) {
    return this.permissions.explain(actor, id, input);
  }
}
