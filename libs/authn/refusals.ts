import { Injectable } from '@nestjs/common';
import { AuditReports } from '#libs/audit/audit-reports.js';
import { currentContext, type RequestContext } from '#libs/context/request-context.js';
import type { Actor } from '#libs/authz/actor.js';

/** Tells the audit trail when somebody who is known tries what nothing allows them, on no row at all. */
@Injectable()
export class Refusals {
  /** A query may ask for the same thing once for each row of a list. */
  private readonly told = new WeakMap<RequestContext, Set<string>>();

  constructor(private readonly reports: AuditReports) {}

  tell(actor: Actor, action: string, subject: string): void {
    const context = currentContext();
    if (actor.isAnonymous || !context) return;
    const told = this.told.get(context) ?? new Set();
    this.told.set(context, told);
    if (told.has(`${action} ${subject}`)) return;
    told.add(`${action} ${subject}`);
    const { operation } = context;
    void this.reports.report({
      action: 'access.refuse',
      outcome: 'DENIED',
      subject,
      personId: actor.id ?? undefined,
      after: { action, operation },
    });
  }
}
