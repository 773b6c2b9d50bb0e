import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { importJWK, SignJWT } from 'jose';
import { Audit } from '#libs/audit/audit.js';
import { AccessState } from '#libs/authn/access-state.js';
import { SigningKeys } from '#libs/authn/signing-keys.js';
import type { Actor } from '#libs/authz/actor.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import { Config } from '#libs/config/config.js';
import { currentContext } from '#libs/context/request-context.js';
import { AppError } from '#libs/errors/app-error.js';
import { Statements } from '#libs/database/statements.js';
import { actingSessionStatement } from '#src/identity/sessions/acting-session.js';
import { Notification } from '#src/notifications/notification.entity.js';
import { NotificationsService } from '#src/notifications/notifications.service.js';
import { User } from '#src/users/user.entity.js';
import { userErrors } from '#src/users/users.errors.js';
import { users } from '#src/users/users.resource.js';
import type { ActAsUserInput, ActingTokenView } from './acting.contract.js';
import { actingErrors } from './acting.errors.js';
import { actingTopics } from './acting.notifications.js';

const userRows: Rows<User> = { resource: users, entity: User, notFound: userErrors.USER_NOT_FOUND };
const lifetime = 15 * 60_000;

/** Support looks at the service as a user sees it (RFC 8693 `act`): reading only, for a short while, told to the user. */
@Injectable()
export class ActingService {
  constructor(
    private readonly commands: RowCommands,
    private readonly access: AccessState,
    private readonly keys: SigningKeys,
    private readonly config: Config,
    private readonly audit: Audit,
    private readonly notifications: NotificationsService,
    private readonly statements: Statements,
  ) {}

  async actAs(actor: Actor, id: string, { reason }: ActAsUserInput): Promise<ActingTokenView> {
    const gid = randomUUID();
    const expiresAt = new Date(Date.now() + lifetime);
    const allow = (user: User) => {
      actor.requireId();
      actor.require('actAs', user);
    };
    const work = async (em: EntityManager, user: User) => {
      // The same is asked again of every request with the token.
      const account = (await this.access.of(user.id))?.itself;
      if (!account || !actor.mayActAs(account)) throw new AppError(actingErrors.ACTING_NOT_POSSIBLE);
      const told = { action: 'user.act-as', subject: 'User', subjectId: user.id, personId: user.id };
      this.audit.record(em, { ...told, after: { reason, gid, expiresAt: expiresAt.toISOString() } });
      const values = [gid, user.id, clientId(), actor.requireId(), expiresAt];
      await this.statements.run(actingSessionStatement, values, em);
      const data = { gid, expiresAt: expiresAt.toISOString() };
      await this.notifications.notify(em, [Notification.of(actingTopics['support.acted'], user.id, data)]);
    };
    await this.commands.do(userRows, { actor, id, ifMatch: undefined, allow, work });
    const accessToken = await this.sign(id.toLowerCase(), actor, gid, expiresAt);
    const tokenType = currentContext()?.boundTo === undefined ? 'Bearer' : 'DPoP';
    return { accessToken, tokenType, expiresAt: expiresAt.toISOString() };
  }
  /** Of the scopes, the key and the session of the token that it is asked for with: it lets nobody do more, or for longer. */
  private async sign(sub: string, actor: Actor, gid: string, expiresAt: Date): Promise<string> {
    const { boundTo, endsWith } = currentContext() ?? {};
    const claims = {
      client_id: clientId(),
      scope: actor.scope,
      gid,
      act: { sub: actor.requireId(), ...(endsWith !== undefined && { gid: endsWith }) },
      ...(boundTo !== undefined && { cnf: { jkt: boundTo } }),
    };
    await this.keys.lookAgain();
    const { kid, privateJwk } = this.keys.published[0];
    const { issuer, audience } = this.config.tokens;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .setJti(randomUUID())
      .sign(await importJWK(privateJwk, 'ES256'));
  }
}
/** The app in which somebody looks on. */
const clientId = (): string => currentContext()?.clientId ?? 'tandem-support';
