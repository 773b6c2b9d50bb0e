import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import { AccessState } from '#libs/authn/access-state.js';
import type { Actor } from '#libs/authz/actor.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import type { Document, Listing } from '#libs/database/answers.js';
import { Database } from '#libs/database/database.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { uniqueId, withUniques, type Unique } from '#libs/database/unique.js';
import { AppError } from '#libs/errors/app-error.js';
import { Sessions } from '#libs/oidc/sessions.js';
import { RolesService } from '#src/access/roles.service.js';
import { Client } from './client.entity.js';
import type {
  ClientSecretView,
  CreateClientInput,
  RotateClientSecretInput,
  UpdateClientInput,
} from './clients.contract.js';
import { clientErrors } from './clients.errors.js';
import { clients } from './clients.resource.js';

type IfMatch = string | null | undefined;

const clientRows: Rows<Client> = { resource: clients, entity: Client, notFound: clientErrors.CLIENT_NOT_FOUND };
const uniques: Readonly<Record<string, Unique>> = {
  clients_pkey: uniqueId,
  clients_client_id: { error: clientErrors.CLIENT_ID_TAKEN, field: 'clientId' },
};
/** Ids that begin so are those of the service's own apps, which no row may stand for. */
export const ownClientPrefix = 'tandem-';
const taken = () =>
  new AppError(clientErrors.CLIENT_ID_TAKEN, { details: [{ field: 'clientId', code: 'NOT_UNIQUE' }] });
const hour = 3_600_000;
const keepPreviousForHours = 24;

@Injectable()
export class ClientsService {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
    private readonly roles: RolesService,
    private readonly access: AccessState,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(clients, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask, em?: EntityManager): Promise<Document> {
    const found = await this.reads.document(clients, actor, id, ask, em);
    if (!found) throw new AppError(clientErrors.CLIENT_NOT_FOUND);
    return found;
  }
  create(actor: Actor, input: CreateClientInput, ask: Ask): Promise<Document> {
    return this.database.transaction(async (em) => {
      const client = Client.of(input);
      actor.requireFields('create', client, input);
      if (client.clientId.startsWith(ownClientPrefix)) throw taken();
      await this.requireItsRights(em, actor, client);
      em.persist(client);
      await withUniques(uniques, () => em.flush());
      return this.get(actor, client.id, ask, em);
    });
  }
  async update(actor: Actor, id: string, input: UpdateClientInput, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (client: Client) => actor.requireFields('update', client, input);
    const work = async (em: EntityManager, client: Client) => {
      await this.requireItsRights(em, actor, client);
      const before = client.redirectUris;
      client.update(input);
      if (input.roles) await this.requireItsRights(em, actor, client);
      // Who has agreed to the app, an admin perhaps, is not asked again: their codes would go there.
      const added = client.redirectUris.flatMap((uri, i) => (before.includes(uri) ? [] : [`redirectUris.${i}`]));
      if (added.length > 0) this.roles.requireEverything(actor, added);
    };
    const answer = await this.commands.change(clientRows, { actor, id, ifMatch, allow, work }, ask);
    await this.access.refresh();
    return answer;
  }
  /** Its tokens count no more, and it gets no new ones. */
  async disable(actor: Actor, id: string, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (client: Client) => actor.require('disable', client);
    const work = async (em: EntityManager, client: Client) => {
      client.disable();
      await this.sessions.endOfClient(em, client.clientId, 'CLIENT_DISABLED');
      this.record(em, 'client.disable', client);
    };
    const answer = await this.commands.change(clientRows, { actor, id, ifMatch, allow, work }, ask);
    await this.access.refresh();
    return answer;
  }
  async enable(actor: Actor, id: string, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (client: Client) => actor.require('enable', client);
    const work = async (em: EntityManager, client: Client) => {
      await this.requireItsRights(em, actor, client);
      client.enable();
      this.record(em, 'client.enable', client);
    };
    const answer = await this.commands.change(clientRows, { actor, id, ifMatch, allow, work }, ask);
    await this.access.refresh();
    return answer;
  }
  async rotateSecret(actor: Actor, id: string, input: RotateClientSecretInput): Promise<ClientSecretView> {
    const hours = input.keepPreviousForHours ?? keepPreviousForHours;
    const now = new Date();
    let made: ClientSecretView;
    const allow = (client: Client) => actor.require('rotateSecret', client);
    const work = async (em: EntityManager, client: Client) => {
      await this.requireItsRights(em, actor, client);
      this.record(em, 'client.rotate-secret', client);
      const secret = client.rotateSecret(now, hours === 0 ? null : new Date(now.getTime() + hours * hour));
      made = { clientId: client.clientId, secret, previousExpiresAt: client.secrets[1]?.expiresAt ?? null };
    };
    await this.commands.do(clientRows, { actor, id, ifMatch: undefined, allow, work });
    return made!;
  }
  /** The id of what is gone. */
  async delete(actor: Actor, id: string, ifMatch: IfMatch): Promise<string> {
    const allow = (client: Client) => actor.require('delete', client);
    const work = async (em: EntityManager, client: Client) => {
      client.delete();
      await this.sessions.endOfClient(em, client.clientId, 'CLIENT_DELETED');
    };
    const gone = await this.commands.delete(clientRows, { actor, id, ifMatch, allow, work });
    await this.access.refresh();
    return gone;
  }
  /** Whoever has a service's secret, or says by which keys and for what it signs in, can do all that the service may. */
  private async requireItsRights(em: EntityManager, actor: Actor, { roles, isFirstParty }: Client): Promise<void> {
    // Nobody is asked whether one of these may.
    if (isFirstParty) this.roles.requireEverything(actor, ['isFirstParty']);
    if (roles.length > 0) await this.roles.requireGivableRoles(em, actor, roles, [], 'roles');
  }
  private record(em: EntityManager, action: string, { id }: Client): void {
    this.audit.record(em, { action, subject: 'Client', subjectId: id });
  }
}
