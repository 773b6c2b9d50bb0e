import { Query, Resolver } from '@nestjs/graphql';
import { Can, SignedIn, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, InputArg } from '#libs/graphql/arguments.js';
import { ExplainPermissionInput, PermissionExplanationView, PermissionsView } from './permissions.contract.js';
import { PermissionsService } from './permissions.service.js';

const answer = (description: string) => ({ description, nullable: true });

@Resolver()
export class PermissionsResolver {
  constructor(private readonly permissions: PermissionsService) {}

  @Query(() => PermissionsView, answer('Tells what the caller may do, for apps that hide what they may not.'))
  @SignedIn('read', 'User')
  myPermissions(@Who() actor: Actor) {
    return this.permissions.mine(actor);
  }
  @Query(() => PermissionExplanationView, answer('Tells whether the caller may do something, and which rule says so.'))
  @SignedIn('read', 'User')
  explainMyPermission(@Who() actor: Actor, @InputArg(ExplainPermissionInput) input: ExplainPermissionInput) {
    return this.permissions.explainMine(actor, input);
  }
  @Query(() => PermissionsView, answer('Tells what a user may do.'))
  @Can('read', 'Role')
  userPermissions(@Who() actor: Actor, @IdArg('user') id: string) {
    return this.permissions.ofUser(actor, id);
  }
  @Query(() => PermissionExplanationView, answer('Tells whether a user may do something, and which rule says so.'))
  @Can('read', 'Role')
  explainUserPermission(
    @Who() actor: Actor,
    @IdArg('user') id: string,
    @InputArg(ExplainPermissionInput) input: ExplainPermissionInput,
  ) {
    return this.permissions.explain(actor, id, input);
  }
}
