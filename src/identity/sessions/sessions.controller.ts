import { Controller, Get, Param, Post, Query } from '@nestjs/common';
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
import { EndAllSessionsInput, EndedSessionsView } from './sessions.contract.js';
import { sessionErrors } from './sessions.errors.js';
import { sessions } from './sessions.resource.js';
import { SessionsService } from './sessions.service.js';

const errors = [sessionErrors.SESSION_NOT_FOUND];

@ApiTags('sessions')
@Controller({ path: 'sessions', version: '1' })
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @Can('read', 'Session')
  @ListOperation(sessions, {
    id: 'listSessions',
    summary: 'Lists what users are signed in to: of the caller, and of others for those who may see it.',
  })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.sessions.list(actor, restList(sessions, query));
  }
  @Post('end-all')
  @Can('end', 'Session')
  @ResultOperation(EndedSessionsView, {
    id: 'endAllSessions',
    summary: 'Ends all sessions of the caller, or of a user; its browsers have to sign in again.',
    changes: true,
    input: EndAllSessionsInput,
    inputRequired: false,
  })
  endAll(@Who() actor: Actor, @Body(EndAllSessionsInput) input: EndAllSessionsInput) {
    return this.sessions.endAll(actor, input);
  }
  @Get(':id')
  @Can('read', 'Session')
  @ReadOperation(sessions, { id: 'getSession', summary: 'Reads a session.', errors })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.sessions.get(actor, id, restAsk(sessions, query));
  }
  @Post(':id/end')
  @Can('end', 'Session')
  @CommandOperation(sessions, {
    id: 'endSession',
    summary: 'Ends a session, and signs out the browser that it was begun in; one that is over stays as it is.',
    ifMatch: true,
    errors,
  })
  end(@Who() actor: Actor, @Param('id') id: string, @IfMatch() ifMatch: string | undefined, @Query() query: RestQuery) {
    return this.sessions.end(actor, id, ifMatch, restAsk(sessions, query));
  }
}
