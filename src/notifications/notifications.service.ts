import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '#libs/authz/actor.js';
import { RowCommands, type Rows } from '#libs/authz/row-commands.js';
import type { Document, Listing } from '#libs/database/answers.js';
import { Database } from '#libs/database/database.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads, type Total } from '#libs/database/reads.js';
import { selectionOf } from '#libs/database/selection.js';
import { Statements } from '#libs/database/statements.js';
import { AppError } from '#libs/errors/app-error.js';
import { Notification } from './notification.entity.js';
import type { ReadAllNotificationsInput } from './notifications.contract.js';
import { notificationErrors } from './notifications.errors.js';
import { insertStatement, notificationValues, readAll } from './notifications.queries.js';
import { notifications } from './notifications.resource.js';

type IfMatch = string | null | undefined;

const notificationRows: Rows<Notification> = {
  resource: notifications,
  entity: Notification,
  notFound: notificationErrors.NOTIFICATION_NOT_FOUND,
};

@Injectable()
export class NotificationsService {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
    private readonly statements: Statements,
  ) {}

  /** Tells users something, in the transaction that is its cause: without the one there is not the other. */
  async notify(em: EntityManager, told: readonly Notification[]): Promise<void> {
    if (told.length > 0) await this.statements.run(insertStatement, notificationValues(told), em);
  }
  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(notifications, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask): Promise<Document> {
    const found = await this.reads.document(notifications, actor, id, ask);
    if (!found) throw new AppError(notificationErrors.NOTIFICATION_NOT_FOUND);
    return found;
  }
  unreadCount(actor: Actor, em?: EntityManager): Promise<Total> {
    const input = { selection: selectionOf(notifications, ['id']), filter: { isRead: { eq: false } } };
    return this.reads.total(notifications, actor, input, em);
  }
  /** Reading twice is reading once: the second time changes nothing. */
  read(actor: Actor, id: string, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.change(actor, id, ifMatch, ask, (notification) => notification.read());
  }
  unread(actor: Actor, id: string, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    return this.change(actor, id, ifMatch, ask, (notification) => notification.unread());
  }
  /** Answers with what is unread then. */
  readAll(actor: Actor, { upTo }: ReadAllNotificationsInput): Promise<Total> {
    const userId = actor.requireId();
    return this.database.transaction(async (em) => {
      await readAll(this.statements, em, userId, upTo ? new Date(upTo) : new Date());
      return this.unreadCount(actor, em);
    });
  }
  /** The id of what is gone. */
  delete(actor: Actor, id: string, ifMatch: IfMatch): Promise<string> {
    const allow = (notification: Notification) => actor.require('delete', notification);
    const work = (_em: EntityManager, notification: Notification) => notification.delete();
    return this.commands.delete(notificationRows, { actor, id, ifMatch, allow, work });
  }
  private change(
    actor: Actor,
    id: string,
    ifMatch: IfMatch,
    ask: Ask,
    change: (notification: Notification) => void,
  ): Promise<Document> {
    const allow = (notification: Notification) => actor.require('update', notification);
    const work = (_em: EntityManager, notification: Notification) => change(notification);
    return this.commands.change(notificationRows, { actor, id, ifMatch, allow, work }, ask);
  }
}
