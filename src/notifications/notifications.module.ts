import { Module } from '@nestjs/common';
import { NotificationRetention } from './notification-retention.js';
import { NotificationsController } from './notifications.controller.js';
import './notifications.policy.js';
import { NotificationsResolver, UserNotificationsResolver } from './notifications.resolver.js';
import { NotificationsService } from './notifications.service.js';

@Module({
  controllers: [NotificationsController],
  providers: [NotificationsService, NotificationRetention, NotificationsResolver, UserNotificationsResolver],
  exports: [NotificationsService],
})
export class NotificationsModule {}
