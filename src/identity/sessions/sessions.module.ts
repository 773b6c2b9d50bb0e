import { Module } from '@nestjs/common';
import { SessionRetention } from './session-retention.js';
import { SessionsController } from './sessions.controller.js';
import './sessions.policy.js';
import { SessionsResolver, UserSessionsResolver } from './sessions.resolver.js';
import { SessionsService } from './sessions.service.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionsService, SessionsResolver, UserSessionsResolver, SessionRetention],
  exports: [SessionsService],
})
export class SessionsModule {}
