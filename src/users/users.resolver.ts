import { Args, ArgsType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, SignedIn, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { SetUserRolesInput, SuspendUserInput, UpdateProfileInput, UserView } from './users.contract.js';
import { users } from './users.resource.js';
import { UsersService } from './users.service.js';

@ObjectType({ description: 'A page of users.' })
export class UserConnection extends Connection(users) {}
@ArgsType()
export class UserListArgs extends ConnectionArgs(users) {}

const user = (description: string) => ({ description, nullable: true });

@Resolver(() => UserView)
export class UsersResolver {
  constructor(private readonly service: UsersService) {}

  @Query(() => UserConnection, user('Lists the users that the caller may see.'))
  @Can('read', 'User')
  users(@Who() actor: Actor, @Args() args: UserListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, users)));
  }
  @Query(() => UserView, user('Reads a user.'))
  @Can('read', 'User')
  user(@Who() actor: Actor, @IdArg('user') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, users));
  }
  @Query(() => UserView, user('Reads the caller’s own profile.'))
  @SignedIn('read', 'User')
  me(@Who() actor: Actor, @Info() info: GraphQLResolveInfo) {
    return this.service.me(actor, askOf(info, users));
  }
  @Mutation(() => UserView, user('Changes the caller’s own profile.'))
  @SignedIn('update', 'User')
  updateMe(
    @Who() actor: Actor,
    @InputArg(UpdateProfileInput) input: UpdateProfileInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.updateMe(actor, input, ifMatch, askOf(info, users));
  }
  @Mutation(() => UserView, user('Suspends an account: from now on every request of it is refused.'))
  @Can('suspend', 'User')
  suspendUser(
    @Who() actor: Actor,
    @IdArg('user') id: string,
    @InputArg(SuspendUserInput, { optional: true }) input: SuspendUserInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.suspend(actor, id, input, ifMatch, askOf(info, users));
  }
  @Mutation(() => UserView, user('Ends the suspension of an account.'))
  @Can('reactivate', 'User')
  reactivateUser(
    @Who() actor: Actor,
    @IdArg('user') id: string,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.reactivate(actor, id, ifMatch, askOf(info, users));
  }
  @Mutation(() => UserView, user('Gives a user these roles and takes all others.'))
  @Can('setRoles', 'User')
  setUserRoles(
    @Who() actor: Actor,
    @IdArg('user') id: string,
    @InputArg(SetUserRolesInput) input: SetUserRolesInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.setRoles(actor, id, input, ifMatch, askOf(info, users));
  }
}
