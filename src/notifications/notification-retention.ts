import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '#libs/config/config.js';
import { Statements } from '#libs/database/statements.js';
import { defineJob } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';

const purgeNotifications = defineJob('notifications.purge', {
  description: 'Deletes notifications that are older than NOTIFICATION_RETENTION_DAYS.',
  cron: '37 3 * * *',
  timeout: 1800,
});
const atOnce = 2000;
// Past rows that somebody is reading or another instance is deleting: they go next time.
const deleteStatement = {
  name: 'notifications_purge',
  text: `delete from notifications where id in (
           select id from notifications where created_at < now() - make_interval(days => $1)
            order by created_at limit $2 for update skip locked) returning 1`,
};

/** Inboxes are not kept for ever. */
@Injectable()
export class NotificationRetention implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly config: Config,
    private readonly statements: Statements,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(purgeNotifications, async (_payload, { signal }) => void (await this.purge(signal)));
  }
  /** In small parts. Resolves to how many there were. */
  async purge(signal?: AbortSignal, batch = atOnce): Promise<number> {
    const { notificationRetentionDays: days } = this.config;
    for (let purged = 0; ;) {
      signal?.throwIfAborted();
      const { length } = await this.statements.run(deleteStatement, [days, batch]);
      purged += length;
      if (length < batch) return purged;
    }
  }
}
