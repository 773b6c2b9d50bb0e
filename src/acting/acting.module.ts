import { Module } from '@nestjs/common';
import { NotificationsModule } from '#src/notifications/notifications.module.js';
import { ActingController } from './acting.controller.js';
import './acting.policy.js';
import { ActingResolver } from './acting.resolver.js';
import { ActingService } from './acting.service.js';

@Module({
  imports: [NotificationsModule],
  controllers: [ActingController],
  providers: [ActingService, ActingResolver],
})
export class ActingModule {}
