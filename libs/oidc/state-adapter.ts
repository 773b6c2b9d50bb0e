import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider';
import { metadataOf } from './client-metadata.js';
import type { ClientSource } from './clients.js';
import type { IssuerState, StoredState } from './issuer-state.js';
import type { EndReason, SessionStore } from './session-store.js';

export interface AdapterParts {
  readonly state: IssuerState;
  readonly clients: ClientSource;
  readonly sessions: SessionStore;
}
/** On the context of a request that repeats a refresh within the grace: the id of the token, as stored. */
export const REPEATED = Symbol('repeated refresh');

/** Stands in the payload for the id, which the table must not hold. */
const placeholder = '{id}';

/** The provider's storage. One is made for each of its models. */
export class StateAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly parts: AdapterParts,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const { state } = this.parts;
    const kept = withoutId(id, payload);
    await (this.model === 'Session'
      ? state.merge(this.model, id, kept, expiresIn)
      : state.replace(this.model, id, kept, expiresIn));
  }
  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.model === 'Client') {
      const client = await this.parts.clients.find(id);
      return client && metadataOf(client, /^basic /i.test(Provider.ctx?.get('authorization') ?? ''));
    }
    return this.payloadOf(await this.parts.state.find(this.model, id), id);
  }
  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.payloadOf(await this.parts.state.findByUid(this.model, uid));
  }
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }
  /** Of two that use the same thing at once one gets through. */
  async consume(id: string): Promise<void> {
    if (await this.parts.state.consume(this.model, id)) return;
    throw this.model === 'PushedAuthorizationRequest'
      ? new errors.InvalidRequestUri('request_uri was already used')
      : new errors.InvalidGrant('already used');
  }
  async destroy(id: string): Promise<void> {
    const { state, sessions } = this.parts;
    if (this.model !== 'Grant') return state.remove(this.model, id);
    await state.within(async (em) => {
      await state.removeGrants([id], em);
      await sessions.end(em, [id], endReason());
    });
  }
  async revokeByGrantId(grantId: string): Promise<void> {
    await this.parts.state.removeOfGrant(this.model, grantId);
  }
  private payloadOf(found: StoredState | undefined, id?: string): AdapterPayload | undefined {
    if (!found) return undefined;
    const payload = id === undefined ? { ...found.payload } : withId(id, found.payload);
    const isRepeated = (Provider.ctx as { [REPEATED]?: string } | undefined)?.[REPEATED] === found.id;
    if (found.consumedAt !== undefined && !isRepeated) payload.consumed = found.consumedAt;
    return payload;
  }
}

/** The provider destroys a grant when somebody signs out, revokes, or shows what was used before. */
function endReason(): EndReason {
  const route = Provider.ctx?.oidc.route;
  if (route === 'token') return 'REUSED';
  return route === 'end_session_confirm' ? 'SIGNED_OUT' : 'REVOKED';
}

function withoutId(id: string, payload: AdapterPayload): Record<string, unknown> {
  const { jti: _id, ...rest } = payload as Record<string, unknown>;
  // An interaction knows where it goes on, which its id is part of, and would keep the cookie of the browser's session.
  if (typeof rest.returnTo === 'string') rest.returnTo = rest.returnTo.replace(id, placeholder);
  if (typeof rest.session === 'object' && rest.session !== null) {
    const { cookie: _cookie, ...session } = rest.session as Record<string, unknown>;
    rest.session = session;
  }
  return rest;
}
function withId(id: string, { returnTo, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...rest,
    jti: id,
    ...(typeof returnTo === 'string' && { returnTo: returnTo.replace(placeholder, id) }),
  };
}
