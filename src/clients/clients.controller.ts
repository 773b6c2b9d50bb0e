import { Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import {
  Body,
  CommandOperation,
  IfMatch,
  ListOperation,
  ReadOperation,
  ResultOperation,
} from '#libs/http/operation.js';
import { created, restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { ClientSecretView, CreateClientInput, RotateClientSecretInput, UpdateClientInput } from './clients.contract.js';
import { clientErrors } from './clients.errors.js';
import { clients } from './clients.resource.js';
import { ClientsService } from './clients.service.js';

const { CLIENT_NOT_FOUND, CLIENT_ID_TAKEN, CLIENT_WITHOUT_SECRET } = clientErrors;

@ApiTags('clients')
@Controller({ path: 'clients', version: '1' })
export class ClientsController {
  constructor(private readonly clients: ClientsService) {}

  @Get()
  @Can('read', 'Client')
  @ListOperation(clients, { id: 'listClients', summary: 'Lists the clients that the caller may see.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.clients.list(actor, restList(clients, query));
  }
  @Post()
  @Can('create', 'Client')
  @CommandOperation(clients, {
    id: 'createClient',
    summary: 'Registers a client.',
    byId: false,
    status: 201,
    input: CreateClientInput,
    errors: [CLIENT_ID_TAKEN],
  })
  async create(@Who() actor: Actor, @Body(CreateClientInput) input: CreateClientInput, @Query() query: RestQuery) {
    return created('/v1/clients', await this.clients.create(actor, input, restAsk(clients, query)));
  }
  @Get(':id')
  @Can('read', 'Client')
  @ReadOperation(clients, { id: 'getClient', summary: 'Reads a client.', errors: [CLIENT_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.clients.get(actor, id, restAsk(clients, query));
  }
  @Patch(':id')
  @Can('update', 'Client')
  @CommandOperation(clients, {
    id: 'updateClient',
    summary: 'Changes a client.',
    input: UpdateClientInput,
    ifMatch: true,
    errors: [CLIENT_NOT_FOUND],
  })
  update(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(UpdateClientInput) input: UpdateClientInput,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.clients.update(actor, id, input, ifMatch, restAsk(clients, query));
  }
  @Post(':id/disable')
  @Can('disable', 'Client')
  @CommandOperation(clients, {
    id: 'disableClient',
    summary: 'Disables a client: its tokens count no more, and it gets no new ones.',
    ifMatch: true,
    errors: [CLIENT_NOT_FOUND],
  })
  disable(
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.clients.disable(actor, id, ifMatch, restAsk(clients, query));
  }
  @Post(':id/enable')
  @Can('enable', 'Client')
  @CommandOperation(clients, {
    id: 'enableClient',
    summary: 'Enables a client that was disabled.',
    ifMatch: true,
    errors: [CLIENT_NOT_FOUND],
  })
  enable(
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.clients.enable(actor, id, ifMatch, restAsk(clients, query));
  }
  @Post(':id/rotate-secret')
  @Can('rotateSecret', 'Client')
  @ResultOperation(ClientSecretView, {
    id: 'rotateClientSecret',
    summary: 'Makes a new secret for a client, which is shown this once.',
    of: clients,
    changes: true,
    input: RotateClientSecretInput,
    inputRequired: false,
    errors: [CLIENT_NOT_FOUND, CLIENT_WITHOUT_SECRET],
  })
  rotateSecret(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(RotateClientSecretInput) input: RotateClientSecretInput,
  ) {
    return this.clients.rotateSecret(actor, id, input);
  }
  @Delete(':id')
  @Can('delete', 'Client')
  @CommandOperation(clients, {
    id: 'deleteClient',
    summary: 'Deletes a client.',
    status: 204,
    ifMatch: true,
    errors: [CLIENT_NOT_FOUND],
  })
  async delete(@Who() actor: Actor, @Param('id') id: string, @IfMatch() ifMatch: string | undefined) {
    await this.clients.delete(actor, id, ifMatch);
  }
}
