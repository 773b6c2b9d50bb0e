import { randomBytes } from 'node:crypto';
import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from '#libs/audit/audited.js';
import { apiScopes } from '#libs/authz/scopes.js';
import { BaseEntity } from '#libs/database/base-entity.js';
import { isUuid } from '#libs/database/list.js';
import { AppError, type ErrorDetail } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { isPublicKeySet, isValidAt, newSecret, type KeptSecret } from './client-keys.js';
import { clientErrors } from './clients.errors.js';
import { isHttpsUrl, isRedirectUri } from './redirect-uris.js';

export const ClientKind = { WEB: 'WEB', NATIVE: 'NATIVE', SERVICE: 'SERVICE' } as const;
export type ClientKind = keyof typeof ClientKind;
export const ClientAuthMethod = {
  NONE: 'NONE',
  CLIENT_SECRET: 'CLIENT_SECRET',
  PRIVATE_KEY_JWT: 'PRIVATE_KEY_JWT',
} as const;
export type ClientAuthMethod = keyof typeof ClientAuthMethod;

interface ClientFields {
  readonly name?: string;
  readonly authMethod?: ClientAuthMethod;
  readonly redirectUris?: string[];
  readonly postLogoutRedirectUris?: string[];
  readonly backchannelLogoutUri?: string | null;
  readonly scopes?: string[];
  readonly roles?: string[];
  readonly contacts?: string[];
  readonly jwks?: Record<string, unknown> | null;
}
/** Scopes of OpenID Connect, for clients that people sign in to. */
const signInScopes = ['openid', 'profile', 'email', 'offline_access'];
const methodsOf: Readonly<Record<ClientKind, readonly ClientAuthMethod[]>> = {
  WEB: ['NONE', 'CLIENT_SECRET', 'PRIVATE_KEY_JWT'],
  // What everybody can install keeps no secret (RFC 8252 §8.5).
  NATIVE: ['NONE'],
  SERVICE: ['CLIENT_SECRET', 'PRIVATE_KEY_JWT'],
};

/** An app or a service that may ask for tokens. */
@Entity({ tableName: 'clients' })
@Audited<Client>({ subject: 'Client', except: ['secrets'] })
export class Client extends BaseEntity {
  /** As in tokens and requests; no UUID, so that it is never taken for an account. */
  @Property({ type: 'text' })
  clientId!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  kind!: ClientKind;

  @Property({ type: 'text' })
  authMethod!: ClientAuthMethod;

  /** Those of this company need no consent of their users. */
  @Property({ type: 'boolean' })
  isFirstParty = false;

  @Property({ type: 'boolean' })
  isDisabled = false;

  @Property({ type: 'array', columnType: 'text[]' })
  redirectUris: string[] = [];

  @Property({ type: 'array', columnType: 'text[]' })
  postLogoutRedirectUris: string[] = [];

  @Property({ type: 'text', nullable: true })
  backchannelLogoutUri: string | null = null;

  /** What its tokens may be asked to let; empty: nothing but who has signed in. */
  @Property({ type: 'array', columnType: 'text[]' })
  scopes: string[] = [];

  /** Of a service that acts in its own name. */
  @Property({ type: 'array', columnType: 'text[]' })
  roles: string[] = [];

  @Property({ type: 'array', columnType: 'text[]' })
  contacts: string[] = [];

  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  jwks: Record<string, unknown> | null = null;

  /** The last one, and the one before it for a while. */
  @Property({ type: 'json', columnType: 'jsonb' })
  secrets: KeptSecret[] = [];

  static of(fields: ClientFields & { id?: string; clientId?: string; kind: ClientKind; name: string }): Client {
    const client = new Client();
    if (fields.id) client.id = fields.id.toLowerCase();
    client.clientId = fields.clientId ?? `app-${randomBytes(10).toString('hex')}`;
    client.kind = fields.kind;
    client.authMethod = fields.authMethod ?? (fields.kind === ClientKind.SERVICE ? 'CLIENT_SECRET' : 'NONE');
    client.update(fields);
    return client;
  }
  /** What is left out stays. VALIDATION_FAILED names every field that does not fit the kind of client. */
  update(fields: ClientFields): void {
    const { authMethod, jwks, backchannelLogoutUri } = fields;
    if (fields.name !== undefined) this.name = fields.name;
    if (authMethod !== undefined) this.authMethod = authMethod;
    if (jwks !== undefined) this.jwks = jwks;
    if (backchannelLogoutUri !== undefined) this.backchannelLogoutUri = backchannelLogoutUri;
    for (const list of ['redirectUris', 'postLogoutRedirectUris', 'scopes', 'roles', 'contacts'] as const)
      if (fields[list] !== undefined) this[list] = fields[list];
    if (this.authMethod !== ClientAuthMethod.CLIENT_SECRET) this.secrets = [];
    const details = this.misfits();
    if (details.length > 0) throw new AppError(commonErrors.VALIDATION_FAILED, { details });
  }
  private misfits(): ErrorDetail[] {
    const { kind } = this;
    const isService = kind === ClientKind.SERVICE;
    const allowed = new Set([...apiScopes().map((scope) => scope.name), ...(isService ? [] : signInScopes)]);
    const each = (field: string, values: readonly string[], fits: (value: string) => boolean, code: string) =>
      values.flatMap((value, i) => (fits(value) ? [] : [{ field: `${field}.${i}`, code }]));
    const one = (fits: boolean, field: string, code: string): ErrorDetail[] => (fits ? [] : [{ field, code }]);
    const methods = methodsOf[kind];
    return [
      // A service is the subject of its tokens, which must not name an account.
      ...one(!isUuid(this.clientId), 'clientId', 'FORMAT'),
      ...(methods.includes(this.authMethod)
        ? []
        : [{ field: 'authMethod', code: 'NOT_ALLOWED', params: { allowed: methods.join(', ') } }]),
      ...one(isService || this.redirectUris.length > 0, 'redirectUris', 'REQUIRED'),
      ...each('redirectUris', this.redirectUris, (uri) => isRedirectUri(kind, uri), 'FORMAT'),
      ...each('postLogoutRedirectUris', this.postLogoutRedirectUris, (uri) => isRedirectUri(kind, uri), 'FORMAT'),
      ...one(
        this.backchannelLogoutUri === null || isHttpsUrl(this.backchannelLogoutUri),
        'backchannelLogoutUri',
        'FORMAT',
      ),
      ...each('scopes', this.scopes, (scope) => allowed.has(scope), 'NOT_FOUND'),
      // Whoever signs in to any other client acts with roles of their own.
      ...one(isService || this.roles.length === 0, 'roles', 'MAX_ITEMS').map((d) => ({ ...d, params: { max: 0 } })),
      ...one(this.jwks === null || isPublicKeySet(this.jwks), 'jwks', 'INVALID'),
      ...one(this.authMethod !== 'PRIVATE_KEY_JWT' || this.jwks !== null, 'jwks', 'REQUIRED'),
    ];
  }
  /** A new secret, to be shown once. The one before it stays valid until then, or ends at once. */
  rotateSecret(now: Date, previousUntil: Date | null): string {
    if (this.authMethod !== ClientAuthMethod.CLIENT_SECRET) throw new AppError(clientErrors.CLIENT_WITHOUT_SECRET);
    const { secret, kept } = newSecret(now);
    const previous = this.secrets.find((s) => s.expiresAt === null && isValidAt(s, now));
    const still = previous && previousUntil ? [{ ...previous, expiresAt: previousUntil.toISOString() }] : [];
    this.secrets = [kept, ...still];
    return secret;
  }
  disable(): void {
    this.isDisabled = true;
  }
  enable(): void {
    this.isDisabled = false;
  }
  delete(): void {
    this.deletedAt = new Date();
    this.secrets = [];
  }
}
