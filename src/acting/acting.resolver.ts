import { Mutation, Resolver } from '@nestjs/graphql';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, InputArg } from '#libs/graphql/arguments.js';
import { ActAsUserInput, ActingTokenView } from './acting.contract.js';
import { ActingService } from './acting.service.js';

@Resolver()
export class ActingResolver {
  constructor(private readonly service: ActingService) {}

  @Mutation(() => ActingTokenView, {
    description: 'Makes an access token that reads what a user reads, for 15 minutes. The user is told.',
    nullable: true,
  })
  @Can('actAs', 'User')
  actAsUser(@Who() actor: Actor, @IdArg('user') id: string, @InputArg(ActAsUserInput) input: ActAsUserInput) {
    return this.service.actAs(actor, id, input);
  }
}
