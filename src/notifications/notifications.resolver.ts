import { Args, ArgsType, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Public, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { childPages } from '#libs/graphql/child-pages.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { UserView } from '#src/users/users.contract.js';
import { NotificationView, ReadAllNotificationsInput, UnreadNotificationsView } from './notifications.contract.js';
import { notifications } from './notifications.resource.js';
import { NotificationsService } from './notifications.service.js';

@ObjectType({ description: 'A page of notifications.' })
export class NotificationConnection extends Connection(notifications) {}
@ArgsType()
export class NotificationListArgs extends ConnectionArgs(notifications) {}

const notification = (description: string) => ({ description, nullable: true });

@Resolver(() => NotificationView)
export class NotificationsResolver {
  constructor(private readonly service: NotificationsService) {}

  @Query(() => NotificationConnection, notification('Lists what the caller was told.'))
  @Can('read', 'Notification')
  notifications(@Who() actor: Actor, @Args() args: NotificationListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, notifications)));
  }
  @Query(() => NotificationView, notification('Reads a notification of the caller.'))
  @Can('read', 'Notification')
  notification(@Who() actor: Actor, @IdArg('notification') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, notifications));
  }
  @Query(() => UnreadNotificationsView, notification('Counts what the caller has not read.'))
  @Can('read', 'Notification')
  unreadNotificationCount(@Who() actor: Actor) {
    return this.service.unreadCount(actor);
  }
  @Mutation(
    () => UnreadNotificationsView,
    notification('Marks all notifications of the caller as read, and answers with what is unread then.'),
  )
  @Can('update', 'Notification')
  readAllNotifications(
    @Who() actor: Actor,
    @InputArg(ReadAllNotificationsInput, { optional: true }) input: ReadAllNotificationsInput,
  ) {
    return this.service.readAll(actor, input);
  }
  @Mutation(() => NotificationView, notification('Marks a notification as read; one that is read stays as it is.'))
  @Can('update', 'Notification')
  readNotification(
    @Who() actor: Actor,
    @IdArg('notification') id: string,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.read(actor, id, ifMatch, askOf(info, notifications));
  }
  @Mutation(() => NotificationView, notification('Marks a notification as unread; one that is unread stays as it is.'))
  @Can('update', 'Notification')
  unreadNotification(
    @Who() actor: Actor,
    @IdArg('notification') id: string,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.unread(actor, id, ifMatch, askOf(info, notifications));
  }
  @Mutation(() => ID, notification('Deletes a notification of the caller. Answers with its id.'))
  @Can('delete', 'Notification')
  deleteNotification(
    @Who() actor: Actor,
    @IdArg('notification') id: string,
    @IfMatchArg() ifMatch: string | undefined,
  ) {
    return this.service.delete(actor, id, ifMatch);
  }
}

/** What notifications add to users: rights decide which there are, so who has none sees an empty list beside the rest. */
export const UserNotificationsResolver = childPages('UserNotificationsResolver', {
  parent: UserView,
  field: 'notifications',
  resource: notifications,
  key: 'userId',
  page: NotificationConnection,
  args: NotificationListArgs,
  access: Public(),
  description: 'What the user was told; of everybody but the caller nothing.',
});
