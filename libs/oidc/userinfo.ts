import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { TokenStrategy } from '#libs/authn/token.strategy.js';
import { TokenVerifier } from '#libs/authn/token-verifier.js';
import { presentedToken } from '#libs/authn/presented-token.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { AccountClaims, claimsByScope, type Claims } from './account-claims.js';

/** OpenID Connect Core §5.3, by the access tokens of our API. */
@Injectable()
export class Userinfo {
  constructor(
    private readonly strategy: TokenStrategy,
    private readonly tokens: TokenVerifier,
    private readonly accounts: AccountClaims,
  ) {}

  async of(request: FastifyRequest): Promise<Claims> {
    await this.strategy.actorOf(request);
    const token = presentedToken(request.headers.authorization)?.token;
    if (token === undefined) throw new AppError(commonErrors.UNAUTHENTICATED);
    const { sub, scope = '' } = this.tokens.verify(token);
    const scopes = scope.split(' ');
    if (!scopes.includes('openid'))
      throw new AppError(commonErrors.INSUFFICIENT_SCOPE, { params: { scope: 'openid' } });
    const all = await this.accounts.find(sub);
    if (!all) throw new AppError(commonErrors.TOKEN_INVALID, { privateDetail: 'the account may not sign in' });
    const names = Object.entries(claimsByScope).flatMap(([name, claims]) => (scopes.includes(name) ? claims : []));
    const shown = names.filter((name) => all[name] !== undefined).map((name) => [name, all[name]]);
    return { ...(Object.fromEntries(shown) as Claims), sub };
  }
}
