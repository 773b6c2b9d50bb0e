import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';
import { defineJob } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { reseal, type Resealed } from '#libs/secrets/reseal.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { Logging } from '#libs/telemetry/logging.js';
import { sealedColumns } from './sealed-columns.js';

const resealSecrets = defineJob('secrets.reseal', {
  description: 'Seals anew with the first key of ENCRYPTION_KEYS what was sealed with another one.',
  cron: '53 * * * *',
  timeout: 1800,
});

/** After a new key was put in front, the old one is needed for nothing that lies in tables, some time later. */
@Injectable()
export class Resealing implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly statements: Statements,
    private readonly secrets: Secrets,
    private readonly logging: Logging,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(resealSecrets, async (_payload, { signal }) => void (await this.run(signal)));
  }
  async run(signal?: AbortSignal, batch?: number): Promise<Resealed[]> {
    const query = (text: string, values: readonly unknown[]) => this.statements.run({ text }, values);
    const all: Resealed[] = [];
    for (const column of sealedColumns) {
      const { table, done, closed } = await reseal(query, this.secrets, column, { signal, batch });
      if (done > 0) this.logging.logger.info({ table, done }, 'sealed anew with the first key');
      if (closed > 0)
        this.logging.logger.error({ table, closed }, 'sealed with keys that ENCRYPTION_KEYS does not hold');
      all.push({ table, done, closed });
    }
    return all;
  }
}

@Module({ providers: [Resealing] })
export class ResealingModule {}
