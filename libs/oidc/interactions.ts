import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors, type Provider } from 'oidc-provider';
import { apiScopes } from '#libs/authz/scopes.js';
import { remember } from './answer.js';
import { acrOf } from './interaction-policy.js';
import { Issuer } from './issuer.js';
import { extraOf, newGrant } from './provider-configuration.js';

type LibraryInteraction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** A sign-in under way: what a client has sent somebody's browser here for, and what is missing for it. */
export interface Interaction {
  /** Part of the address of its pages, and of nothing else. */
  readonly uid: string;
  /** What is asked for now: who it is, or whether the client may. */
  readonly prompt: 'login' | 'consent';
  /** Why, by the library's names: `no_session`, `max_age`, `login_prompt`, `native_client_silent`, … */
  readonly reasons: readonly string[];
  readonly client: {
    readonly id: string;
    readonly name: string;
    readonly isFirstParty: boolean;
    readonly isNative: boolean;
    /** Whether it gets refresh tokens, whatever its scopes say: it goes on while nobody is there. */
    readonly mayRefresh: boolean;
    readonly logoUri?: string;
    readonly policyUri?: string;
    readonly termsUri?: string;
  };
  /** All that it asks for: of OpenID (`profile`, `email`, `offline_access`) and of the API. */
  readonly scopes: readonly string[];
  /** Those among them that nobody has agreed to yet. */
  readonly missingScopes: readonly string[];
  /** BCP 47, best first, separated by spaces; as the client sent it. */
  readonly uiLocales?: string;
  /** Whom the client expects: an e-mail address, mostly. */
  readonly loginHint?: string;
  /** Who is signed in in this browser. */
  readonly accountId?: string;
  /** How (RFC 8176). */
  readonly amr: readonly string[];
  /** Where the browser will end up: for the `form-action` of the pages (`redirectSource` of libs/pages). */
  readonly redirectUri: string;
}
export type InteractionResult =
  | { readonly login: { readonly accountId: string; readonly amr: readonly string[]; readonly remember?: boolean } }
  /** Without `scopes` all that is missing. `openid` goes without saying. */
  | { readonly consent: { readonly scopes?: readonly string[] } };

/**
 * For the pages under `/sign-in/:uid`. A page asks for `details`, which its cookie names: undefined means that the sign-in
 * is over, or belongs to another browser. When it has what was asked for it calls `finish`, which sends the browser on;
 * what is still missing then comes as the next prompt, at an address of its own.
 */
@Injectable()
export class Interactions {
  constructor(private readonly issuer: Issuer) {}

  async details(request: FastifyRequest, reply: FastifyReply): Promise<Interaction | undefined> {
    const found = await this.find(request, reply);
    if (!found) return undefined;
    const { interaction, client } = found;
    const { uid, prompt, params, session } = interaction;
    const known = new Set(['openid', 'profile', 'email', 'offline_access', ...apiScopes().map(({ name }) => name)]);
    const extra = extraOf(client);
    return {
      uid,
      prompt: prompt.name as Interaction['prompt'],
      reasons: prompt.reasons,
      client: {
        id: client.clientId,
        name: client.clientName ?? client.clientId,
        isFirstParty: extra.is_first_party,
        isNative: client.applicationType === 'native',
        mayRefresh: client.grantTypeAllowed('refresh_token'),
        ...(client.logoUri && { logoUri: client.logoUri }),
        ...(client.policyUri && { policyUri: client.policyUri }),
        ...(client.tosUri && { termsUri: client.tosUri }),
      },
      scopes: textOf(params.scope)
        .split(' ')
        .filter((scope) => known.has(scope)),
      missingScopes: missingOf(interaction).scopes,
      ...(params.ui_locales !== undefined && { uiLocales: textOf(params.ui_locales) }),
      ...(params.login_hint !== undefined && { loginHint: textOf(params.login_hint) }),
      ...(session?.accountId && { accountId: session.accountId }),
      amr: session?.amr ?? [],
      redirectUri: textOf(params.redirect_uri),
    };
  }
  /** Notes the result and sends the browser on. Throws when the sign-in is over: ask for `details` first. */
  async finish(request: FastifyRequest, reply: FastifyReply, result: InteractionResult): Promise<FastifyReply> {
    const found = await this.find(request, reply);
    if (!found) throw new errors.SessionNotFound('the sign-in is over');
    const { provider, interaction } = found;
    if ('login' in result) {
      const { accountId, amr, remember: lasting = true } = result.login;
      return this.goOn(request, reply, { login: { accountId, amr: [...amr], acr: acrOf(amr), remember: lasting } });
    }
    const grantId = await this.consent(provider, interaction, result.consent.scopes);
    return this.goOn(request, reply, { consent: { grantId } });
  }
  /** Tells the client that the person does not want to. */
  abort(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return this.goOn(request, reply, { error: 'access_denied', error_description: 'End-User aborted interaction' });
  }
  private async consent(provider: Provider, interaction: LibraryInteraction, agreed?: readonly string[]) {
    const { params, session, grantId } = interaction;
    const clientId = textOf(params.client_id);
    const missing = missingOf(interaction);
    const isAgreed = (scope: string) => scope === 'openid' || !agreed || agreed.includes(scope);
    const found = grantId === undefined ? undefined : await provider.Grant.find(grantId);
    const grant = found ?? newGrant(provider, session!.accountId, clientId);
    for (const scope of missing.openId)
      if (isAgreed(scope)) grant.addOIDCScope(scope);
      else grant.rejectOIDCScope(scope);
    if (missing.claims.length > 0) grant.addOIDCClaims([...missing.claims]);
    for (const [resource, scopes] of Object.entries(missing.resources))
      for (const scope of scopes)
        if (isAgreed(scope)) grant.addResourceScope(resource, scope);
        else grant.rejectResourceScope(resource, scope);
    return grant.save();
  }
  private async goOn(request: FastifyRequest, reply: FastifyReply, result: object): Promise<FastifyReply> {
    const address = await this.issuer.current.interactionResult(request.raw, reply.raw, { ...result });
    return reply.redirect(address, 303);
  }
  private async find(request: FastifyRequest, reply: FastifyReply) {
    remember(request);
    const provider = this.issuer.current;
    try {
      const interaction = await provider.interactionDetails(request.raw, reply.raw);
      const client = await provider.Client.find(textOf(interaction.params.client_id));
      return client && { provider, interaction, client };
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    }
  }
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the library's checks of the prompt have found missing. */
function missingOf({ prompt: { details } }: LibraryInteraction) {
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = details as {
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  const openId = missingOIDCScope ?? [];
  const resources = missingResourceScopes ?? {};
  const scopes = [...new Set([...openId, ...Object.values(resources).flat()])];
  return { openId, resources, scopes, claims: missingOIDCClaims ?? [] };
}
