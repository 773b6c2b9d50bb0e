import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/database/database.js';
import { Statements } from '#libs/database/statements.js';
import { defineJob } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { Sessions } from '#libs/oidc/sessions.js';

const tidySessions = defineJob('sessions.tidy', {
  description: 'Ends sessions that were not used for too long, and deletes what ended 30 days ago.',
  cron: '7 * * * *',
  retries: 0,
  timeout: 600,
});
const atOnce = 500;
// What another instance has under way is its own.
const expiredStatement = {
  text: `select id::text from sessions where ended_at is null and expires_at < now()
          order by expires_at limit $1 for update skip locked`,
};
const deleteStatement = {
  text: `delete from sessions where id in (select id from sessions where ended_at < now() - interval '30 days'
           order by ended_at limit $1 for update skip locked) returning 1`,
};

/** Sessions come to an end by themselves, and are not kept for ever. */
@Injectable()
export class SessionRetention implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly statements: Statements,
    private readonly sessions: Sessions,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(tidySessions, (_payload, { signal }) => this.tidy(signal));
  }
  async tidy(signal?: AbortSignal): Promise<void> {
    await untilFew(signal, () => this.endExpired());
    await untilFew(signal, async () => (await this.statements.run(deleteStatement, [atOnce])).length);
  }
  private endExpired(): Promise<number> {
    return this.database.transaction(async (em) => {
      const ids = (await this.statements.run(expiredStatement, [atOnce], em)).map(([id]) => id as string);
      await this.sessions.end(em, ids, 'EXPIRED');
      return ids.length;
    });
  }
}
async function untilFew(signal: AbortSignal | undefined, some: () => Promise<number>): Promise<void> {
  do signal?.throwIfAborted();
  while ((await some()) >= atOnce);
}
