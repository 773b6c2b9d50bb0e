import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-custom';
import type { Actor } from '#libs/authz/actor.js';
import { Scopes } from '#libs/authz/scopes.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { AccessState } from './access-state.js';
import { bearerToken } from './bearer-token.js';
import { TokenVerifier } from './token-verifier.js';

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
    return claims && this.state.remembered(claims.sub)?.actor(Scopes.of(claims.scope));
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
    if (!account) throw new AppError(commonErrors.TOKEN_INVALID, { privateDetail: 'no such account' });
    const actor = account.actor(Scopes.of(claims.scope));
    if (!actor) throw new AppError(commonErrors.ACCOUNT_SUSPENDED);
    return actor;
  }
}
