import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { Body, ResultOperation } from '#libs/http/operation.js';
import { userErrors } from '#src/users/users.errors.js';
import { users } from '#src/users/users.resource.js';
import { ActAsUserInput, ActingTokenView } from './acting.contract.js';
import { actingErrors } from './acting.errors.js';
import { ActingService } from './acting.service.js';

@ApiTags('users')
@Controller({ path: 'users', version: '1' })
export class ActingController {
  constructor(private readonly acting: ActingService) {}

  @Post(':id/act-as')
  @Can('actAs', 'User')
  @ResultOperation(ActingTokenView, {
    id: 'actAsUser',
    summary: 'Makes an access token that reads what a user reads, for 15 minutes. The user is told.',
    of: users,
    changes: true,
    input: ActAsUserInput,
    errors: [userErrors.USER_NOT_FOUND, actingErrors.ACTING_NOT_POSSIBLE, commonErrors.ACCOUNT_REQUIRED],
  })
  actAs(@Who() actor: Actor, @Param('id') id: string, @Body(ActAsUserInput) input: ActAsUserInput) {
    return this.acting.actAs(actor, id, input);
  }
}
