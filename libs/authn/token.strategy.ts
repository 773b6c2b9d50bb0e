import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-custom';
import { currentContext } from '#libs/context/request-context.js';
import { Actor } from '#libs/authz/actor.js';
import { Scopes } from '#libs/authz/scopes.js';
import { AppError } from '#libs/errors/app-error.js';
import type { ErrorRow } from '#libs/errors/catalogue.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { AccessState, type RememberedAccount } from './access-state.js';
import { DpopProofs, type ProvenRequest } from './dpop-proofs.js';
import { presentedToken } from './presented-token.js';
import { TokenVerifier, type AccessToken } from './token-verifier.js';

/**
 * `Authorization: Bearer` (RFC 6750) or `DPoP` (RFC 9449) to an actor. Without the header the caller is anonymous; a bad token
 * is an error, and so is one that is bound to a key and comes without a proof.
 */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly state: AccessState,
    private readonly proofs: DpopProofs,
  ) {
    super();
  }
  private readonly proven = new WeakMap<ProvenRequest, Promise<void>>();
  /**
   * The actor of a caller whose token and account were seen before and still count, without waiting for anything. Tokens
   * that are bound to a key prove it each time, for which there is something to wait for.
   */
  remembered(header: string | undefined): Actor | undefined {
    if (header === undefined) return this.state.anonymous();
    const presented = presentedToken(header);
    const claims = presented?.scheme === 'bearer' ? this.tokens.remembered(presented.token) : undefined;
    if (!claims || claims.cnf) return undefined;
    const account = this.state.remembered(claims.sub);
    const supporter = claims.act && this.state.remembered(claims.act.sub);
    if (!account || (claims.act && !supporter)) return undefined;
    const actor = this.decide(claims, account, supporter);
    return actor instanceof Actor ? actor : undefined;
  }
  /** The actor of a request whose guards have not run yet; they will find it there. */
  async actorOf(request: ProvenRequest & { actor?: Actor }): Promise<Actor> {
    return (request.actor ??=
      this.remembered(request.headers.authorization as string | undefined) ?? (await this.validate(request)));
  }
  async validate(request: ProvenRequest): Promise<Actor> {
    const { authorization } = request.headers;
    if (authorization === undefined) return this.state.anonymous();
    const presented = presentedToken(authorization as string);
    if (!presented) throw new AppError(commonErrors.TOKEN_INVALID);
    const claims = await this.tokens.verifyWithNewKeys(presented.token);
    await this.requireProof(request, presented.scheme, presented.token, claims);
    const account = await this.state.of(claims.sub);
    const supporter = claims.act && (await this.state.of(claims.act.sub));
    const actor = this.decide(claims, account, supporter);
    if (!(actor instanceof Actor)) throw new AppError(actor);
    return actor;
  }
  /** Whom a valid token stands for as of now, or why for nobody. */
  private decide(
    claims: AccessToken,
    account: RememberedAccount | undefined,
    supporter: RememberedAccount | undefined,
  ): Actor | ErrorRow {
    const context = currentContext();
    if (context) {
      context.clientId = claims.client_id;
      context.sessionId = claims.gid;
      context.boundTo = claims.cnf?.jkt;
      context.endsWith = claims.gid ?? claims.external?.linkId;
    }
    if (this.state.isEndedClient(claims.client_id)) return commonErrors.CLIENT_DISABLED;
    const { external } = claims;
    // Whoever acts does so no longer than the session in which they asked for it.
    const endsWith = [claims.gid, external?.linkId, claims.act?.gid];
    if (!account || endsWith.some((id) => this.state.isEnded(id))) return commonErrors.TOKEN_INVALID;
    const scopes = Scopes.of(claims.scope);
    if (external) return account.holding(external.rolesOf)?.actor(scopes) ?? commonErrors.ACCOUNT_SUSPENDED;
    if (!claims.act) return account.actor(scopes) ?? commonErrors.ACCOUNT_SUSPENDED;
    // What makes it right to act as somebody must still be so, whatever was when the token was made.
    if (!account.itself || !supporter?.itself?.mayActAs(account.itself)) return commonErrors.TOKEN_INVALID;
    return account.actor(scopes, claims.act.sub)!;
  }
  /** Of tokens that are bound to a key; others have nothing to prove, and must not be passed off as such. */
  private async requireProof(request: ProvenRequest, scheme: 'bearer' | 'dpop', token: string, { cnf }: AccessToken) {
    if (cnf === undefined && scheme === 'bearer') return;
    if (cnf?.jkt === undefined)
      throw new AppError(commonErrors.TOKEN_INVALID, { privateDetail: 'bound to no key that we know' });
    if (scheme !== 'dpop')
      throw new AppError(commonErrors.DPOP_PROOF_INVALID, { privateDetail: 'shown as a bearer token' });
    // Every field of a GraphQL document asks for its request, which has one proof.
    let proven = this.proven.get(request);
    if (!proven) this.proven.set(request, (proven = this.proofs.require(request, token, cnf.jkt)));
    await proven;
  }
}
