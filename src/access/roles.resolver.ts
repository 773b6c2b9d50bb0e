import { Args, ArgsType, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { CreateRoleInput, RoleView, UpdateRoleInput } from './access.contract.js';
import { roles } from './access.resource.js';
import { RolesService } from './roles.service.js';

@ObjectType({ description: 'A page of roles.' })
export class RoleConnection extends Connection(roles) {}
@ArgsType()
export class RoleListArgs extends ConnectionArgs(roles) {}

const role = (description: string) => ({ description, nullable: true });

@Resolver(() => RoleView)
export class RolesResolver {
  constructor(private readonly service: RolesService) {}

  @Query(() => RoleConnection, role('Lists the roles that users can be given.'))
  @Can('read', 'Role')
  roles(@Who() actor: Actor, @Args() args: RoleListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, roles)));
  }
  @Query(() => RoleView, role('Reads a role.'))
  @Can('read', 'Role')
  role(@Who() actor: Actor, @IdArg('role') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, roles));
  }
  @Mutation(() => RoleView, role('Makes a role.'))
  @Can('create', 'Role')
  createRole(@Who() actor: Actor, @InputArg(CreateRoleInput) input: CreateRoleInput, @Info() info: GraphQLResolveInfo) {
    return this.service.create(actor, input, askOf(info, roles));
  }
  @Mutation(() => RoleView, role('Changes what a role is for, or its rules; they hold within two seconds.'))
  @Can('update', 'Role')
  updateRole(
    @Who() actor: Actor,
    @IdArg('role') id: string,
    @InputArg(UpdateRoleInput) input: UpdateRoleInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.update(actor, id, input, ifMatch, askOf(info, roles));
  }
  @Mutation(() => ID, role('Deletes a role that nobody holds. Answers with its id.'))
  @Can('delete', 'Role')
  deleteRole(@Who() actor: Actor, @IdArg('role') id: string, @IfMatchArg() ifMatch: string | undefined) {
    return this.service.delete(actor, id, ifMatch);
  }
}
