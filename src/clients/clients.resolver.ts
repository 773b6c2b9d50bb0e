import { Args, ArgsType, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import {
  ClientSecretView,
  ClientView,
  CreateClientInput,
  RotateClientSecretInput,
  UpdateClientInput,
} from './clients.contract.js';
import { clients } from './clients.resource.js';
import { ClientsService } from './clients.service.js';

@ObjectType({ description: 'A page of clients.' })
export class ClientConnection extends Connection(clients) {}
@ArgsType()
export class ClientListArgs extends ConnectionArgs(clients) {}

const client = (description: string) => ({ description, nullable: true });

@Resolver(() => ClientView)
export class ClientsResolver {
  constructor(private readonly service: ClientsService) {}

  @Query(() => ClientConnection, client('Lists the clients that the caller may see.'))
  @Can('read', 'Client')
  clients(@Who() actor: Actor, @Args() args: ClientListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, clients)));
  }
  @Query(() => ClientView, client('Reads a client.'))
  @Can('read', 'Client')
  client(@Who() actor: Actor, @IdArg('client') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, clients));
  }
  @Mutation(() => ClientView, client('Registers a client.'))
  @Can('create', 'Client')
  createClient(
    @Who() actor: Actor,
    @InputArg(CreateClientInput) input: CreateClientInput,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.create(actor, input, askOf(info, clients));
  }
  @Mutation(() => ClientView, client('Changes a client.'))
  @Can('update', 'Client')
  updateClient(
    @Who() actor: Actor,
    @IdArg('client') id: string,
    @InputArg(UpdateClientInput) input: UpdateClientInput,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.update(actor, id, input, ifMatch, askOf(info, clients));
  }
  @Mutation(() => ClientView, client('Disables a client: its tokens count no more, and it gets no new ones.'))
  @Can('disable', 'Client')
  disableClient(
    @Who() actor: Actor,
    @IdArg('client') id: string,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.disable(actor, id, ifMatch, askOf(info, clients));
  }
  @Mutation(() => ClientView, client('Enables a client that was disabled.'))
  @Can('enable', 'Client')
  enableClient(
    @Who() actor: Actor,
    @IdArg('client') id: string,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.enable(actor, id, ifMatch, askOf(info, clients));
  }
  @Mutation(() => ClientSecretView, client('Makes a new secret for a client, which is shown this once.'))
  @Can('rotateSecret', 'Client')
  rotateClientSecret(
    @Who() actor: Actor,
    @IdArg('client') id: string,
    @InputArg(RotateClientSecretInput, { optional: true }) input: RotateClientSecretInput,
  ) {
    return this.service.rotateSecret(actor, id, input);
  }
  @Mutation(() => ID, client('Deletes a client. Answers with its id.'))
  @Can('delete', 'Client')
  deleteClient(@Who() actor: Actor, @IdArg('client') id: string, @IfMatchArg() ifMatch: string | undefined) {
    return this.service.delete(actor, id, ifMatch);
  }
}
