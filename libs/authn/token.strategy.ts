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
import { bearerToken } from './bearer-token.js';
import { TokenVerifier, type AccessToken } from './token-verifier.js';

/** `Authorization: Bearer` (RFC 6750) to an actor. Without the header the caller is anonymous; a bad token is an error. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly state: AccessState,
  ) {
    super();
  }
  /** The actor of a caller whose token and account were seen before and still count, without waiting for anything. */
  remembered(header: string | undefined): Actor | undefined {
    if (header === undefined) return this.state.anonymous();
    const token = bearerToken(header);
    const claims = token === undefined ? undefined : this.tokens.remembered(token);
    if (!claims) return undefined;
    const account = this.state.remembered(claims.sub);
    const supporter = claims.act && this.state.remembered(claims.act.sub);
    if (!account || (claims.act && !supporter)) return undefined;
    const actor = this.decide(claims, account, supporter);
    return actor instanceof Actor ? actor : undefined;
  }
  /** The actor of a request whose guards have not run yet; they will find it there. */
  async actorOf(request: { readonly headers: { readonly authorization?: string }; actor?: Actor }): Promise<Actor> {
    return (request.actor ??= this.remembered(request.headers.authorization) ?? (await this.validate(request)));
  }
  async validate(request: { headers: { authorization?: string } }): Promise<Actor> {
    const header = request.headers.authorization;
    if (header === undefined) return this.state.anonymous();
    const token = bearerToken(header);
    if (!token) throw new AppError(commonErrors.TOKEN_INVALID);
    const claims = await this.tokens.verifyWithNewKeys(token);
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
    }
    if (this.state.isEndedClient(claims.client_id)) return commonErrors.CLIENT_DISABLED;
    if (!account) return commonErrors.TOKEN_INVALID;
    const scopes = Scopes.of(claims.scope);
    if (!claims.act) return account.actor(scopes) ?? commonErrors.ACCOUNT_SUSPENDED;
    // What makes it right to act as somebody must still be so, whatever was when the token was made.
    if (!account.itself || !supporter?.itself?.mayActAs(account.itself)) return commonErrors.TOKEN_INVALID;
    return account.actor(scopes, claims.act.sub)!;
  }
}
