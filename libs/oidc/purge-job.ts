import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineJob } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { IssuerState } from './issuer-state.js';

export const purgeIssuerState = defineJob('issuer.purge', {
  description: 'Deletes what the issuer kept and has expired: interactions, codes, tokens, sessions of browsers.',
  cron: '*/10 * * * *',
  timeout: 300,
});

/** Expired rows count for nothing: when they go does not matter, only that they do. */
@Injectable()
export class PurgeJob implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly state: IssuerState,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(purgeIssuerState, async () => {
      await this.state.purge();
    });
  }
}
