import { Args, ArgsType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { childPages } from '#libs/graphql/child-pages.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { UserView } from '#src/users/users.contract.js';
import { EndAllSessionsInput, EndedSessionsView, SessionView } from './sessions.contract.js';
import { sessions } from './sessions.resource.js';
import { SessionsService } from './sessions.service.js';

@ObjectType({ description: 'A page of sessions.' })
export class SessionConnection extends Connection(sessions) {}
@ArgsType()
export class SessionListArgs extends ConnectionArgs(sessions) {}

const session = (description: string) => ({ description, nullable: true });

@Resolver(() => SessionView)
export class SessionsResolver {
  constructor(private readonly service: SessionsService) {}

  @Query(
    () => SessionConnection,
    session('Lists what users are signed in to: of the caller, and of others for those who may see it.'),
  )
  @Can('read', 'Session')
  sessions(@Who() actor: Actor, @Args() args: SessionListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, sessions)));
  }
  @Query(() => SessionView, session('Reads a session.'))
  @Can('read', 'Session')
  session(@Who() actor: Actor, @IdArg('session') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, sessions));
  }
  @Mutation(
    () => SessionView,
    session('Ends a session, and signs out the browser that it was begun in; one that is over stays as it is.'),
  )
  @Can('end', 'Session')
  endSession(
    @Who() actor: Actor,
    @IdArg('session') id: string,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.end(actor, id, ifMatch, askOf(info, sessions));
  }
  @Mutation(
    () => EndedSessionsView,
    session('Ends all sessions of the caller, or of a user; its browsers have to sign in again.'),
  )
  @Can('end', 'Session')
  endAllSessions(@Who() actor: Actor, @InputArg(EndAllSessionsInput, { optional: true }) input: EndAllSessionsInput) {
    return this.service.endAll(actor, input);
  }
}

/** What sessions add to users. */
export const UserSessionsResolver = childPages('UserSessionsResolver', {
  parent: UserView,
  field: 'sessions',
  resource: sessions,
  key: 'userId',
  page: SessionConnection,
  args: SessionListArgs,
  access: Can('read', 'Session'),
  description: 'What the user is signed in to.',
});
