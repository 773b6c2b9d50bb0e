import { Choice, Email, Flag, Id, Input, Instant, Int, Json, PartialOf, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';
import { ClientAuthMethod, ClientKind } from './client.entity.js';

const clientId = {
  pattern: '^[a-z][a-z0-9-]{2,62}$',
  maxLength: 63,
  description: 'What the client calls itself in requests and what its tokens name.',
  example: 'acme-invoices',
};
const name = { minLength: 1, maxLength: 120, description: 'Name as users see it.', example: 'Acme Invoices' };
const kinds = {
  descriptions: {
    WEB: 'An app in a browser or on a web server.',
    NATIVE: 'An app that is installed on devices of its users.',
    SERVICE: 'A service that acts in its own name, without a user.',
  },
};
const authMethods = {
  descriptions: {
    NONE: 'Not at all: a public client, which proves by PKCE that it is the one that asked.',
    CLIENT_SECRET: 'By a secret.',
    PRIVATE_KEY_JWT: 'By an assertion that a key of `jwks` has signed.',
  },
};
const uris = { list: true, maxItems: 20, uniqueItems: true, maxLength: 500 };
const redirectUris = {
  ...uris,
  description: 'Where users come back to after they have signed in; compared letter by letter.',
  example: 'https://app.acme.example/callback',
};
const postLogoutRedirectUris = {
  ...uris,
  description: 'Where users come back to after they have signed out.',
  example: 'https://app.acme.example/',
};
const backchannelLogoutUri = {
  nullable: true,
  maxLength: 500,
  description: 'Who is told when a session ends (OpenID Connect Back-Channel Logout).',
  example: 'https://app.acme.example/backchannel-logout',
};
const scopes = {
  list: true,
  maxItems: 100,
  uniqueItems: true,
  maxLength: 60,
  description: 'What its tokens may be asked to let.',
  example: 'users:read',
};
const roles = {
  list: true,
  maxItems: 20,
  uniqueItems: true,
  maxLength: 40,
  description: 'Roles of a service; users bring their own.',
  example: [],
};
const contacts = { list: true, maxItems: 10, uniqueItems: true, description: 'Who to write to about the client.' };
const jwks = {
  nullable: true,
  description: 'Public keys for `PRIVATE_KEY_JWT` (RFC 7517).',
  example: {
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        kid: '1',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    ],
  },
};

@View('Client', 'An app or a service that may ask for tokens.')
export class ClientView extends ResourceView {
  @Text(clientId)
  clientId!: string;

  @Text(name)
  name!: string;

  @Choice('ClientKind', ClientKind, { ...kinds, description: 'What it is; never changes.' })
  kind!: ClientKind;

  @Choice('ClientAuthMethod', ClientAuthMethod, { ...authMethods, description: 'How it proves who it is.' })
  authMethod!: ClientAuthMethod;

  @Flag({
    description: 'Whether it is of this company, so that users are not asked for their consent.',
    example: false,
  })
  isFirstParty!: boolean;

  @Flag({ description: 'Whether it may do nothing at present.', example: false })
  isDisabled!: boolean;

  @Text(redirectUris)
  redirectUris!: string[];

  @Text(postLogoutRedirectUris)
  postLogoutRedirectUris!: string[];

  @Text(backchannelLogoutUri)
  backchannelLogoutUri!: string | null;

  @Text(scopes)
  scopes!: string[];

  @Text(roles)
  roles!: string[];

  @Email(contacts)
  contacts!: string[];

  @Json(jwks)
  jwks!: Record<string, unknown> | null;
}

abstract class ClientFields {
  @Text(name)
  name!: string;

  @Choice('ClientAuthMethod', ClientAuthMethod, {
    ...authMethods,
    optional: true,
    description: 'How it proves who it is; unless told `CLIENT_SECRET` for a service and `NONE` for all others.',
  })
  authMethod?: ClientAuthMethod;

  @Text({ ...redirectUris, optional: true })
  redirectUris?: string[];

  @Text({ ...postLogoutRedirectUris, optional: true })
  postLogoutRedirectUris?: string[];

  @Text({ ...backchannelLogoutUri, optional: true })
  backchannelLogoutUri?: string | null;

  @Text({ ...scopes, optional: true })
  scopes?: string[];

  @Text({ ...roles, optional: true })
  roles?: string[];

  @Email({ ...contacts, optional: true })
  contacts?: string[];

  @Json({ ...jwks, optional: true })
  jwks?: Record<string, unknown> | null;
}
@Input('CreateClientInput', 'A new client. A secret is made by `rotateClientSecret`.')
export class CreateClientInput extends ClientFields {
  @Id({ optional: true, description: 'Any UUID of the client’s own; made by the server when left out.' })
  id?: string;

  @Text({ ...clientId, optional: true, description: 'What it calls itself; made by the server when left out.' })
  clientId?: string;

  @Choice('ClientKind', ClientKind, { ...kinds, description: 'What it is; never changes.' })
  kind!: ClientKind;
}
@Input('UpdateClientInput', 'Changes of a client; what is left out stays.')
export class UpdateClientInput extends PartialOf(ClientFields) {}

@Input('RotateClientSecretInput', 'What becomes of the secret that a client has.')
export class RotateClientSecretInput {
  @Int({
    optional: true,
    min: 0,
    max: 720,
    description: 'How many hours the last secret stays valid beside the new one; 24 unless told, 0 ends it at once.',
    example: 24,
  })
  keepPreviousForHours?: number;
}
@View('ClientSecret', 'A new secret of a client. It is shown this once.')
export class ClientSecretView {
  @Text(clientId)
  clientId!: string;

  @Text({ description: 'The secret.', example: 'nVQ1Dq4uNqmeF0Y9aFyV8vYtmcHq3mG8l1k2n3o4p5q' })
  secret!: string;

  @Instant({ nullable: true, description: 'Until when the secret before it is valid; null when none is.' })
  previousExpiresAt!: string | null;
}
