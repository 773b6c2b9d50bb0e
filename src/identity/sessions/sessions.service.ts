import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/authz/actor.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import { currentContext } from '#libs/context/request-context.js';
import type { Document, Listing } from '#libs/database/answers.js';
import { Database } from '#libs/database/database.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { AppError } from '#libs/errors/app-error.js';
import { EndReason } from '#libs/oidc/session-store.js';
import { Sessions, type Spared } from '#libs/oidc/sessions.js';
import { Session } from './session.entity.js';
import type { EndAllSessionsInput, EndedSessionsView } from './sessions.contract.js';
import { sessionErrors } from './sessions.errors.js';
import { sessions } from './sessions.resource.js';

type IfMatch = string | null | undefined;

const sessionRows: Rows<Session> = { resource: sessions, entity: Session, notFound: sessionErrors.SESSION_NOT_FOUND };

@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
    private readonly sessions: Sessions,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(sessions, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask): Promise<Document> {
    const found = await this.reads.document(sessions, actor, id, ask);
    if (!found) throw new AppError(sessionErrors.SESSION_NOT_FOUND);
    return found;
  }
  /** One that is over stays as it is. */
  async end(actor: Actor, id: string, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (session: Session) => actor.require('end', session);
    const work = async (em: EntityManager, { userId, id: open, endedAt }: Session) => {
      if (endedAt === null) await this.sessions.endWithBrowser(em, userId, open, reasonOf(actor, userId));
    };
    const answer = await this.commands.change(sessionRows, { actor, id, ifMatch, allow, work }, ask);
    await this.sessions.afterwards();
    return answer;
  }
  async endAll(actor: Actor, { userId, exceptCurrent }: EndAllSessionsInput): Promise<EndedSessionsView> {
    const whose = userId?.toLowerCase() ?? actor.requireId();
    const spared: Spared = exceptCurrent ? { session: currentContext()?.sessionId } : {};
    const ended = await this.database.transaction((em) => this.endAllOf(em, actor, whose, spared));
    await this.sessions.afterwards();
    return { count: ended.length };
  }
  private async endAllOf(em: EntityManager, actor: Actor, userId: string, spared: Spared): Promise<string[]> {
    actor.require('end', Object.assign(new Session(), { userId }));
    const open = await em.find(Session, { userId, endedAt: null });
    const allowed = open.filter((session) => actor.can('end', session));
    const reason = reasonOf(actor, userId);
    if (allowed.length === open.length) return this.sessions.endAll(em, userId, reason, spared);
    // A rule with a condition: only these, and whatever else the account is used by goes on.
    const ids = allowed.map(({ id }) => id).filter((id) => id !== spared.session);
    return this.sessions.end(em, ids, reason);
  }
}
const reasonOf = (actor: Actor, userId: string): EndReason =>
  actor.id === userId ? EndReason.ENDED_BY_USER : EndReason.ENDED_BY_STAFF;
