import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Config } from '#libs/config/config.js';
import { Statements } from '#libs/database/statements.js';
import type { RegisteredClient } from '#libs/oidc/clients.js';
import { isValidAt, type KeptSecret } from '#src/clients/client-keys.js';
import type { ClientAuthMethod, ClientKind } from '#src/clients/client.entity.js';
import { FirstPartyClients } from './first-party-clients.js';

const clientStatement = {
  name: 'identity_client',
  text: `select name, kind, auth_method, is_first_party, redirect_uris, post_logout_redirect_uris, backchannel_logout_uri,
                scopes, jwks, secrets
           from clients where client_id = $1 and not is_disabled and deleted_at is null`,
};
const toldOfLogoutStatement = {
  name: 'identity_clients_told_of_logout',
  text: `select client_id from clients where client_id = any ($1::text[]) and backchannel_logout_uri is not null`,
};
type ClientRow = [
  name: string,
  kind: ClientKind,
  authMethod: ClientAuthMethod,
  isFirstParty: boolean,
  redirectUris: string[],
  postLogoutRedirectUris: string[],
  backchannelLogoutUri: string | null,
  scopes: string[],
  jwks: RegisteredClient['jwks'] | null,
  secrets: KeptSecret[],
];
const kinds = { WEB: 'web', NATIVE: 'native', SERVICE: 'service' } as const;
const methods = { NONE: 'none', CLIENT_SECRET: 'client_secret', PRIVATE_KEY_JWT: 'private_key_jwt' } as const;

/** Our own applications, and those that admins have registered. */
@Injectable()
export class RegisteredClients extends FirstPartyClients {
  constructor(
    config: Config,
    private readonly statements: Statements,
  ) {
    super(config);
  }
  override async find(id: string): Promise<RegisteredClient | undefined> {
    const ours = await super.find(id);
    if (ours) return ours;
    // PostgreSQL text holds no NUL, and ids have no more characters.
    if (!/^[a-z0-9-]{1,63}$/.test(id)) return undefined;
    const [row] = (await this.statements.run(clientStatement, [id])) as ClientRow[];
    if (!row) return undefined;
    const [
      name,
      kind,
      authMethod,
      isFirstParty,
      redirectUris,
      postLogoutRedirectUris,
      logoutUri,
      scopes,
      jwks,
      secrets,
    ] = row;
    const now = new Date();
    return {
      id,
      name,
      kind: kinds[kind],
      isFirstParty,
      redirectUris,
      postLogoutRedirectUris,
      scopes,
      authentication: methods[authMethod],
      secretHashes: secrets.filter((secret) => isValidAt(secret, now)).map(({ hash }) => hash),
      ...(jwks && { jwks }),
      ...(logoutUri !== null && { backchannelLogoutUri: logoutUri }),
    };
  }
  override async toldOfLogout(em: EntityManager, ids: readonly string[]): Promise<string[]> {
    const others: string[] = [];
    for (const id of ids) if (!(await super.find(id))) others.push(id);
    if (others.length === 0) return [];
    return (await this.statements.run(toldOfLogoutStatement, [others], em)).map(([id]) => id as string);
  }
}
