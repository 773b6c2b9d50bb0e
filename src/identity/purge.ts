import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineJob } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { MailedLinks } from './links/mailed-links.js';
import { Identities } from './external/identities.js';
import { Challenges } from './second-factor/challenges.js';

export const purgeProofs = defineJob('identity.purge', {
  description:
    'Removes mailed links and challenges of passkeys that have expired, and identities that were parted from their accounts.',
  cron: '17 * * * *',
});

@Injectable()
export class IdentityPurge implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly links: MailedLinks,
    private readonly challenges: Challenges,
    private readonly identities: Identities,
  ) {}
  onModuleInit(): void {
    this.jobs.handle(purgeProofs, async () => {
      await this.links.purge();
      await this.challenges.purge();
      await this.identities.purge();
    });
  }
}
