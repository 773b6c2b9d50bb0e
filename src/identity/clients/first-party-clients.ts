import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Config } from '#libs/config/config.js';
import { ClientSource, type RegisteredClient } from '#libs/oidc/clients.js';

/** Where Swagger UI and GraphiQL take their codes. */
export const docsRedirectPaths = ['/docs/oauth2-redirect.html', '/graphiql'] as const;

/** What the account page is to the issuer: it signs in like any other application, and asks for no tokens. */
export const accountClient = { id: 'tandem-account', redirectPath: '/account/signed-in' } as const;

/** The applications that are ours. They are there from the start, and nobody has to agree to what they do. */
@Injectable()
export class FirstPartyClients extends ClientSource {
  private readonly clients: ReadonlyMap<string, RegisteredClient>;

  constructor({ http, clients: { webRedirectUris, mobileRedirectUris } }: Config) {
    super();
    const ours = { isFirstParty: true, authentication: 'none' } as const;
    const clients: RegisteredClient[] = [
      { ...ours, id: 'tandem-web', name: 'Tandem', kind: 'web', ...returningTo(webRedirectUris) },
      { ...ours, id: 'tandem-mobile', name: 'Tandem', kind: 'native', ...returningTo(mobileRedirectUris) },
      {
        ...ours,
        id: 'tandem-docs',
        name: 'Tandem API documentation',
        kind: 'web',
        ...returningTo(docsRedirectPaths.map((path) => http.publicUrl + path)),
      },
      {
        ...ours,
        id: accountClient.id,
        name: 'Tandem',
        kind: 'web',
        ...returningTo([http.publicUrl + accountClient.redirectPath]),
      },
    ];
    this.clients = new Map(clients.filter((c) => c.redirectUris.length > 0).map((client) => [client.id, client]));
  }
  async find(id: string): Promise<RegisteredClient | undefined> {
    return this.clients.get(id);
  }
  async toldOfLogout(_em: EntityManager, _ids: readonly string[]): Promise<string[]> {
    return [];
  }
}
/** After signing out a browser may go where it goes after signing in, or to the front page there. */
function returningTo(redirectUris: readonly string[]) {
  const fronts = redirectUris.flatMap((uri) => (/^https?:/.test(uri) ? [`${new URL(uri).origin}/`] : []));
  return { redirectUris, postLogoutRedirectUris: [...new Set([...redirectUris, ...fronts])] };
}
