import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { ListOperation, ReadOperation } from '#libs/http/operation.js';
import { restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { auditErrors } from './audit.errors.js';
import { auditEntries } from './audit.resource.js';
import { AuditService } from './audit.service.js';

@ApiTags('audit')
@Controller({ path: 'audit-entries', version: '1' })
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Can('read', 'AuditEntry')
  @ListOperation(auditEntries, {
    id: 'listAuditEntries',
    summary:
      'Lists what was done, newest first: all of it for those who may read the audit trail, to others what was done to their own account.',
  })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.audit.list(actor, restList(auditEntries, query));
  }
  @Get(':id')
  @Can('read', 'AuditEntry')
  @ReadOperation(auditEntries, {
    id: 'getAuditEntry',
    summary: 'Reads an entry of the audit trail.',
    errors: [auditErrors.AUDIT_ENTRY_NOT_FOUND],
  })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.audit.get(actor, id, restAsk(auditEntries, query));
  }
}
