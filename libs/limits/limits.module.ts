import { Global, Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { getStorageToken, ThrottlerModule } from '@nestjs/throttler';
import { PinoLogger } from 'nestjs-pino';
import { Config } from '#libs/config/config.js';
import { Statements } from '#libs/database/statements.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { Attempts } from './attempts.js';
import type { BudgetStorage } from './budget-storage.js';
import { LeasedBudgets } from './leased-budgets.js';
import { Ledger } from './ledger.js';
import { PostgresLedger } from './postgres-ledger.js';
import { ACCOUNT, NETWORK, RateLimits } from './rate-limits.js';

@Module({
  providers: [
    {
      provide: Ledger,
      inject: [Config, Statements],
      useFactory: async ({ redisUrl }: Config, statements: Statements) => {
        if (redisUrl === undefined) return new PostgresLedger(statements);
        const { RedisLedger } = await import('./redis-ledger.js');
        return new RedisLedger(redisUrl);
      },
    },
    {
      provide: LeasedBudgets,
      inject: [Ledger, Secrets, PinoLogger],
      useFactory: (ledger: Ledger, secrets: Secrets, logger: PinoLogger) =>
        new LeasedBudgets(ledger, { hashKey: secrets.derive('budgets')[0], logger }),
    },
  ],
  exports: [LeasedBudgets],
})
class BudgetsModule {}

/** The limits of the configuration. Another storage takes the place of this one as the provider of the library's token. */
@Global()
@Module({
  imports: [
    BudgetsModule,
    ThrottlerModule.forRootAsync({
      imports: [BudgetsModule],
      inject: [Config, LeasedBudgets],
      useFactory: ({ rateLimits: { windowSeconds, requests, anonymousRequests } }: Config, storage: LeasedBudgets) => ({
        throttlers: [
          { name: ACCOUNT, limit: requests, ttl: windowSeconds * 1000 },
          { name: NETWORK, limit: anonymousRequests, ttl: windowSeconds * 1000 },
        ],
        storage,
      }),
    }),
  ],
  providers: [RateLimits, Attempts],
  exports: [RateLimits, Attempts],
})
export class LimitsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly config: Config,
    @Inject(getStorageToken()) private readonly storage: BudgetStorage,
  ) {}

  onApplicationBootstrap(): void {
    // Who answers no requests takes no share of the limits.
    if (this.storage instanceof LeasedBudgets && this.config.role !== 'worker') this.storage.start();
  }
  /** Before the pool closes. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.storage instanceof LeasedBudgets) await this.storage.stop();
  }
}
