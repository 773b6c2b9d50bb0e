import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { Config } from '#libs/config/config.js';
import { Attempts } from './attempts.js';
import { MemoryBudgets } from './budget-storage.js';
import { ACCOUNT, NETWORK, RateLimits } from './rate-limits.js';

/** The limits of the configuration. Another storage takes the place of this one as the provider of the library's token. */
@Global()
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Config],
      useFactory: ({ rateLimits: { windowSeconds, requests, anonymousRequests } }: Config) => ({
        throttlers: [
          { name: ACCOUNT, limit: requests, ttl: windowSeconds * 1000 },
          { name: NETWORK, limit: anonymousRequests, ttl: windowSeconds * 1000 },
        ],
        storage: new MemoryBudgets(),
      }),
    }),
  ],
  providers: [RateLimits, Attempts],
  exports: [RateLimits, Attempts],
})
export class LimitsModule {}
