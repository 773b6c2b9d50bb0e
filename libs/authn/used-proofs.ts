import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';

const takeStatement = {
  name: 'used_proofs_take',
  text: `insert into used_proofs (id, expires_at) values ($1, now() + make_interval(secs => $2::double precision))
         on conflict do nothing returning 1`,
};
const purgeStatement = { text: 'delete from used_proofs where expires_at < now()' };
const purgeEvery = 10 * 60_000;

/** Proofs that count once over all instances (RFC 9449 §11.1). */
@Injectable()
export class UsedProofs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private purging?: Promise<unknown>;

  constructor(private readonly statements: Statements) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.purging = this.statements.run(purgeStatement, []).catch(() => undefined);
    }, purgeEvery).unref();
  }
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.purging;
  }
  /** Whether this is the first time. Of two that come at once one waits for the other's transaction. */
  async take(id: string, seconds: number, em?: EntityManager): Promise<boolean> {
    return (await this.statements.run(takeStatement, [id, seconds], em)).length > 0;
  }
}
