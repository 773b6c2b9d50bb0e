import { Args, ArgsType, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { AuditEntryView } from './audit.contract.js';
import { auditEntries } from './audit.resource.js';
import { AuditService } from './audit.service.js';

@ObjectType({ description: 'A page of audit entries.' })
export class AuditEntryConnection extends Connection(auditEntries) {}
@ArgsType()
export class AuditEntryListArgs extends ConnectionArgs(auditEntries) {}

@Resolver(() => AuditEntryView)
export class AuditResolver {
  constructor(private readonly service: AuditService) {}

  @Query(() => AuditEntryConnection, {
    description:
      'Lists what was done, newest first: all of it for those who may read the audit trail, to others what was done to their own account.',
    nullable: true,
  })
  @Can('read', 'AuditEntry')
  auditEntries(@Who() actor: Actor, @Args() args: AuditEntryListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, auditEntries)));
  }
  @Query(() => AuditEntryView, { description: 'Reads an entry of the audit trail.', nullable: true })
  @Can('read', 'AuditEntry')
  auditEntry(@Who() actor: Actor, @IdArg('audit entry') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, auditEntries));
  }
}
