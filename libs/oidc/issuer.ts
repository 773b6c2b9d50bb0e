import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { PinoLogger } from 'nestjs-pino';
import { errors, Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { SigningKeys } from '#libs/authn/signing-keys.js';
import { UsedProofs } from '#libs/authn/used-proofs.js';
import { apiScopes } from '#libs/authz/scopes.js';
import { Config } from '#libs/config/config.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { AccountClaims, openIdScopes } from './account-claims.js';
import { addressOf, requestOf } from './answer.js';
import { secretMatches } from './client-metadata.js';
import { ClientSource } from './clients.js';
import { EndpointLimits } from './endpoint-limits.js';
import { FamilyProvider } from './family-provider.js';
import { IssuerPages } from './issuer-pages.js';
import { IssuerState } from './issuer-state.js';
import { endsWith } from './logout.js';
import { configurationOf, extraOf, lifetimes } from './provider-configuration.js';
import { SessionStore } from './session-store.js';

/**
 * The OpenID provider under our public URL. A change of the signing keys makes a new one; requests under way end on the one
 * they began with.
 */
@Injectable()
export class Issuer implements OnModuleInit {
  private provider?: FamilyProvider;

  constructor(
    private readonly config: Config,
    private readonly keys: SigningKeys,
    private readonly secrets: Secrets,
    private readonly state: IssuerState,
    private readonly accounts: AccountClaims,
    private readonly clients: ClientSource,
    private readonly sessions: SessionStore,
    private readonly proofs: UsedProofs,
    private readonly pages: IssuerPages,
    private readonly limits: EndpointLimits,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.keys.onChange(() => this.build());
    this.build();
  }
  get current(): FamilyProvider {
    if (!this.provider) throw new AppError(commonErrors.UNAVAILABLE, { privateDetail: 'no signing keys yet' });
    return this.provider;
  }
  private build(): void {
    const { published: keys } = this.keys;
    if (keys.length === 0) return;
    const { config, state, accounts, clients, sessions, pages, limits } = this;
    const configuration = configurationOf({
      config,
      state,
      accounts,
      clients,
      sessions,
      pages,
      limits,
      keys,
      cookieKeys: this.secrets.derive('cookies of the issuer'),
      nonceKey: this.secrets.derive('DPoP nonces')[0],
    });
    const { issuer } = config.tokens;
    const provider = new FamilyProvider(issuer, configuration, state, {
      grantKnown: (ctx, grantId) => limits.sessionKnown(ctx, grantId),
      tokensMade: (ctx) => this.tokensMade(ctx),
    });
    provider.Client.prototype.compareClientSecret = async function (
      this: { readonly clientId: string; readonly clientSecret?: string },
      secret: string,
    ) {
      if (!secretMatches(this.clientSecret, secret)) return false;
      await limits.clientProven(Provider.ctx!, this.clientId);
      return true;
    };
    // A session is a grant, and clients know it by that id.
    provider.Session.prototype.sidFor = function (this: { grantIdFor(id: string): string }, clientId: string) {
      return this.grantIdFor(clientId);
    };
    provider.ReplayDetection.unique = (iss, jti, exp) => this.isFirst(iss, jti, exp);
    // The library would call while the browser waits, and once; a job does, wherever a session ends.
    (provider.Client.prototype as { backchannelLogout?: unknown }).backchannelLogout = async () => undefined;
    pin(provider, new URL(issuer));
    provider.use((ctx, next) => this.around(ctx as KoaContextWithOIDC, next));
    provider.on('server_error', (_ctx, error) => this.logger.error({ err: error }, 'the issuer failed'));
    for (const event of endpointErrors) (provider as EventEmitter).on(event, nameTooLarge);
    this.provider = provider;
  }
  /**
   * Whether an assertion (RFC 7523) or a proof of possession (RFC 9449) has come for the first time, on whatever instance. The
   * library looks first and notes it then, which lets two through that come at once.
   */
  private async isFirst(clientId: string, jti: string, exp: number): Promise<boolean> {
    const id = createHash('sha256').update(`${clientId} ${jti}`).digest('base64url');
    if (await this.proofs.take(id, exp - Date.now() / 1000, this.state.em)) return true;
    // Of a proof it would say `invalid_grant`, and the client would think that its session is over.
    if (jtiOf(Provider.ctx?.oidc.params?.client_assertion) !== jti)
      throw new errors.InvalidDpopProof('DPoP proof JWT was already used');
    return false;
  }
  /** In the transaction in which a code or a refresh token was used. */
  private async tokensMade(ctx: KoaContextWithOIDC): Promise<void> {
    const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
    const source = (AuthorizationCode ?? RefreshToken)!;
    const { grantId, accountId, clientId, sessionUid, expiresWithSession } = source;
    requestOf(ctx).requestContext.sessionId = grantId;
    await this.sessions.use(this.state.em!, {
      id: grantId!,
      accountId: accountId!,
      clientId: clientId!,
      ip: ctx.ip,
      clientName: ctx.oidc.client?.clientName ?? clientId!,
      userAgent: ctx.get('user-agent') || undefined,
      livesFor: ctx.oidc.client?.grantTypeAllowed('refresh_token') ? lifetimes.refreshToken : lifetimes.accessToken,
    });
    // Whoever uses an app of ours uses the browser's session, too. Others refresh while nobody is there.
    const isOurs = extraOf(ctx.oidc.client!).is_first_party;
    if (isOurs && expiresWithSession && sessionUid !== undefined)
      await this.state.prolong(sessionUid, lifetimes.browserSession);
  }
  /** What the library does not know of: correlation ids in errors, the principal of the log line, caches, our logout. */
  private async around(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
    const { requestContext } = requestOf(ctx);
    await next();
    const route = (ctx as { _matchedRouteName?: string })._matchedRouteName;
    if (route === 'jwks' || route === 'discovery') ctx.set('cache-control', 'public, max-age=3600');
    if (route === undefined) return;
    if (route === 'end_session_confirm') await endsWith(ctx, this.state, this.sessions);
    const { Account, Client } = ctx.oidc.entities;
    if (Account) requestContext.principal = `user:${Account.accountId}`;
    else if (Client) requestContext.principal = `client:${Client.clientId}`;
    requestContext.clientId = Client?.clientId;
    await this.limits.settle(ctx);
    const { body } = ctx;
    // The only page that the library still writes itself; the body of a redirect is none.
    if (ctx.status === 200 && typeof body === 'string' && ctx.response.is('html')) this.pages.withoutAsking(ctx);
    if (ctx.status >= 400 && isError(body)) ctx.body = { ...body, correlationId: requestContext.correlationId };
    if (route === 'discovery')
      ctx.body = {
        ...(body as object),
        response_modes_supported: ['query'],
        // Those of OpenID, and those of the API, which the library knows as a resource's own.
        scopes_supported: [...openIdScopes, ...apiScopes().map(({ name }) => name)],
      };
  }
}
const endpointErrors = ['grant.error', 'revocation.error', 'introspection.error', 'pushed_authorization_request.error'];
/** Of a body of more than 56 KiB the library only says that it could not read it. */
function nameTooLarge(ctx: KoaContextWithOIDC, { cause }: Error): void {
  if ((cause as Error | undefined)?.message !== 'request entity too large' || !isError(ctx.body)) return;
  const { code, status } = commonErrors.PAYLOAD_TOO_LARGE;
  ctx.status = status;
  ctx.body = { ...ctx.body, error_description: code };
}
function jtiOf(assertion: unknown): string | undefined {
  try {
    return typeof assertion === 'string' ? decodeJwt(assertion).jti : undefined;
  } catch {
    return undefined;
  }
}
const isError = (body: unknown): body is { error: string } =>
  typeof body === 'object' && body !== null && 'error' in body;

/**
 * The library makes addresses of what the Host and X-Forwarded-* fields say, which is for whoever sends the request to
 * choose. These are Koa's own points of extension.
 */
function pin(provider: FamilyProvider, url: URL): void {
  Object.defineProperties(provider.request, {
    protocol: { get: () => url.protocol.slice(0, -1) },
    secure: { get: () => url.protocol === 'https:' },
    host: { get: () => url.host },
    hostname: { get: () => url.hostname },
    origin: { get: () => url.origin },
    href: {
      get(this: { readonly originalUrl: string }) {
        return url.origin + this.originalUrl.replace(/^https?:\/\/[^/]*/i, '');
      },
    },
    ip: {
      get(this: { readonly req: IncomingMessage }) {
        return addressOf(this.req) ?? '';
      },
    },
  });
}
