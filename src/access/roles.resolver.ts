import { Args, ArgsType, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { RoleView } from './access.contract.js';
import { roles } from './access.resource.js';
import { RolesService } from './roles.service.js';

@ObjectType({ description: 'A page of roles.' })
export class RoleConnection extends Connection(roles) {}
@ArgsType()
export class RoleListArgs extends ConnectionArgs(roles) {}

@Resolver(() => RoleView)
export class RolesResolver {
  constructor(private readonly service: RolesService) {}

  @Query(() => RoleConnection, { description: 'Lists the roles that users can be given.', nullable: true })
  @Can('read', 'Role')
  roles(@Who() actor: Actor, @Args() args: RoleListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, roles)));
  }
  @Query(() => RoleView, { description: 'Reads a role.', nullable: true })
  @Can('read', 'Role')
  role(@Who() actor: Actor, @IdArg('role') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, roles));
  }
}
