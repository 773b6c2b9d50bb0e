import { Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, SignedIn, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { Body, CommandOperation, IfMatch, ListOperation, ReadOperation } from '#libs/http/operation.js';
import { restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { accessErrors } from '#src/access/access.errors.js';
import { SetUserRolesInput, SuspendUserInput, UpdateProfileInput } from './users.contract.js';
import { userErrors } from './users.errors.js';
import { users } from './users.resource.js';
import { UsersService } from './users.service.js';

const { USER_NOT_FOUND, LAST_ADMIN, SELF_SUSPENSION } = userErrors;

@ApiTags('users')
@Controller({ path: 'users', version: '1' })
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Can('read', 'User')
  @ListOperation(users, { id: 'listUsers', summary: 'Lists the users that the caller may see.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.users.list(actor, restList(users, query));
  }
  @Get('me')
  @SignedIn('read', 'User')
  @ReadOperation(users, { id: 'me', summary: 'Reads the caller’s own profile.', byId: false })
  me(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.users.me(actor, restAsk(users, query));
  }
  @Patch('me')
  @SignedIn('update', 'User')
  @CommandOperation(users, {
    id: 'updateMe',
    summary: 'Changes the caller’s own profile.',
    byId: false,
    input: UpdateProfileInput,
    ifMatch: true,
  })
  updateMe(
    @Who() actor: Actor,
    @Body(UpdateProfileInput) input: UpdateProfileInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.users.updateMe(actor, input, ifMatch, restAsk(users, query));
  }
  @Get(':id')
  @Can('read', 'User')
  @ReadOperation(users, { id: 'getUser', summary: 'Reads a user.', errors: [USER_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.users.get(actor, id, restAsk(users, query));
  }
  @Post(':id/suspend')
  @Can('suspend', 'User')
  @CommandOperation(users, {
    id: 'suspendUser',
    summary: 'Suspends an account: from now on every request of it is refused.',
    input: SuspendUserInput,
    inputRequired: false,
    ifMatch: true,
    errors: [USER_NOT_FOUND, SELF_SUSPENSION, LAST_ADMIN],
  })
  suspend(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(SuspendUserInput) input: SuspendUserInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.users.suspend(actor, id, input, ifMatch, restAsk(users, query));
  }
  @Post(':id/reactivate')
  @Can('reactivate', 'User')
  @CommandOperation(users, {
    id: 'reactivateUser',
    summary: 'Ends the suspension of an account.',
    ifMatch: true,
    errors: [USER_NOT_FOUND],
  })
  reactivate(
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.users.reactivate(actor, id, ifMatch, restAsk(users, query));
  }
  @Put(':id/roles')
  @Can('setRoles', 'User')
  @CommandOperation(users, {
    id: 'setUserRoles',
    summary: 'Gives a user these roles and takes all others.',
    input: SetUserRolesInput,
    ifMatch: true,
    errors: [USER_NOT_FOUND, LAST_ADMIN, accessErrors.BEYOND_OWN_RIGHTS],
  })
  setRoles(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(SetUserRolesInput) input: SetUserRolesInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.users.setRoles(actor, id, input, ifMatch, restAsk(users, query));
  }
}
