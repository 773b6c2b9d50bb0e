import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { defineJob } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { Audit } from './audit.js';
import { AuditReports } from './audit-reports.js';
import { AuditSignatures } from './audit-seals.js';
import { AuditSubscriber } from './audited.js';
import { PersonKeys } from './person-keys.js';
import { AuditSealer } from './sealer.js';

/** A failed attempt needs no other: the next one is a minute away. */
export const sealAudit = defineJob('audit.seal', {
  description: 'Seals the audit entries that were written since the last time.',
  cron: '* * * * *',
  retries: 0,
  timeout: 300,
});

/** The audit trail, for every module. */
@Global()
@Module({
  providers: [Audit, AuditReports, AuditSignatures, AuditSubscriber, AuditSealer, PersonKeys],
  exports: [Audit, AuditReports, AuditSignatures, AuditSealer, PersonKeys],
})
export class AuditModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly sealer: AuditSealer,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(sealAudit, async (_payload, { signal }) => void (await this.sealer.seal(signal)));
  }
}
