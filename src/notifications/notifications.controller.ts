import { Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import {
  Body,
  CommandOperation,
  IfMatch,
  ListOperation,
  ReadOperation,
  ResultOperation,
} from '#libs/http/operation.js';
import { restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { ReadAllNotificationsInput, UnreadNotificationsView } from './notifications.contract.js';
import { notificationErrors } from './notifications.errors.js';
import { notifications } from './notifications.resource.js';
import { NotificationsService } from './notifications.service.js';

const errors = [notificationErrors.NOTIFICATION_NOT_FOUND];

@ApiTags('notifications')
@Controller({ path: 'notifications', version: '1' })
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  @Can('read', 'Notification')
  @ListOperation(notifications, { id: 'listNotifications', summary: 'Lists what the caller was told.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.notifications.list(actor, restList(notifications, query));
  }
  @Get('unread-count')
  @Can('read', 'Notification')
  @ResultOperation(UnreadNotificationsView, {
    id: 'getUnreadNotificationCount',
    summary: 'Counts what the caller has not read.',
  })
  unreadCount(@Who() actor: Actor) {
    return this.notifications.unreadCount(actor);
  }
  @Post('read-all')
  @Can('update', 'Notification')
  @ResultOperation(UnreadNotificationsView, {
    id: 'readAllNotifications',
    summary: 'Marks all notifications of the caller as read, and answers with what is unread then.',
    changes: true,
    input: ReadAllNotificationsInput,
    inputRequired: false,
  })
  readAll(@Who() actor: Actor, @Body(ReadAllNotificationsInput) input: ReadAllNotificationsInput) {
    return this.notifications.readAll(actor, input);
  }
  @Get(':id')
  @Can('read', 'Notification')
  @ReadOperation(notifications, { id: 'getNotification', summary: 'Reads a notification of the caller.', errors })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.notifications.get(actor, id, restAsk(notifications, query));
  }
  @Post(':id/read')
  @Can('update', 'Notification')
  @CommandOperation(notifications, {
    id: 'readNotification',
    summary: 'Marks a notification as read; one that is read stays as it is.',
    ifMatch: true,
    errors,
  })
  read(
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.notifications.read(actor, id, ifMatch, restAsk(notifications, query));
  }
  @Post(':id/unread')
  @Can('update', 'Notification')
  @CommandOperation(notifications, {
    id: 'unreadNotification',
    summary: 'Marks a notification as unread; one that is unread stays as it is.',
    ifMatch: true,
    errors,
  })
  unread(
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.notifications.unread(actor, id, ifMatch, restAsk(notifications, query));
  }
  @Delete(':id')
  @Can('delete', 'Notification')
  @CommandOperation(notifications, {
    id: 'deleteNotification',
    summary: 'Deletes a notification of the caller.',
    status: 204,
    ifMatch: true,
    errors,
  })
  async delete(@Who() actor: Actor, @Param('id') id: string, @IfMatch() ifMatch: string | undefined) {
    await this.notifications.delete(actor, id, ifMatch);
  }
}
