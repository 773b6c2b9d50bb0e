import { Global, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Audit } from './audit.js';
import { AuditSignatures } from './audit-seals.js';
import { AuditSubscriber } from './audited.js';
import { PersonKeys } from './person-keys.js';
import { AuditSealer } from './sealer.js';

const sealEvery = 60_000;

/** The audit trail, for every module. */
@Global()
@Module({
  providers: [Audit, AuditSignatures, AuditSubscriber, AuditSealer, PersonKeys],
  exports: [Audit, AuditSignatures, AuditSealer, PersonKeys],
})
export class AuditModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private sealing?: Promise<unknown>;

  constructor(
    private readonly sealer: AuditSealer,
    private readonly logger: PinoLogger,
  ) {}

  onApplicationBootstrap(): void {
    const seal = () =>
      (this.sealing = this.sealer
        .seal()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'audit entries were not sealed')));
    this.timer = setInterval(() => void seal(), sealEvery).unref();
  }
  /** Before the pool closes. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sealing;
  }
}
