import { createHmac } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Statements } from '#libs/database/statements.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { accountName } from './account-name.js';
import { kinds, type AttemptKind, type Kind, type Scope } from './attempt-rules.js';
import { KnownDevices } from './known-devices.js';
import { neighbourhoodOf, networkOf } from './networks.js';

export interface Trier {
  /**
   * Whom the try is about: the address as it was typed, whether there is such an account or not, or an id. The same kind of
   * text for one account always: a device is known for what it was marked with.
   */
  readonly account?: string;
  /** The address that the request came from. */
  readonly network: string;
  /** The value of the cookie of known devices as it was sent, if it was. */
  readonly device?: string;
}
/** One try that was counted, or the refusal to throw or to show instead of doing any work for it. */
export interface Attempt {
  readonly refusal?: AppError;
  readonly kind: AttemptKind;
  /** What `succeed` gives back. */
  readonly keys: readonly Buffer[];
  readonly spentAt?: string;
  /** From a device that is known for the account. */
  readonly isKnown: boolean;
}

const spendStatement = {
  name: 'spend_attempt',
  text: 'select spent_at, refused_by, retry_after from spend_attempt($1, $2, $3, $4, $5)',
};
// In small parts, and past rows that another instance is purging or somebody is counting in.
const purgeStatement = {
  text: `delete from attempts where key = any (array(
           select key from attempts where ends_at < now() limit 5000 for update skip locked)) returning 1`,
};
const purgeTotalsStatement = { text: `delete from attempt_totals where starts_at < now() - interval '1 hour'` };
const PURGE_EVERY_MS = 10 * 60_000;
const refundStatement = { name: 'refund_attempt', text: 'select refund_attempt($1, $2, $3::timestamptz, $4)' };

/**
 * Limits of what can be guessed or sprayed: exact over all instances, by one statement a try, which is counted before it
 * is made. A known device of an account has tries of its own, so that nobody else can use them up. Without the database
 * there are no tries: what is tried needs it, too. Budgets do not depend on whether there is such an account.
 */
@Injectable()
export class Attempts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly key: Buffer;
  private readonly devices: KnownDevices;
  private purging?: Promise<unknown>;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly statements: Statements,
    secrets: Secrets,
    private readonly logger: PinoLogger,
  ) {
    this.key = secrets.derive('attempts')[0];
    this.devices = new KnownDevices(secrets.derive('known devices'));
  }
  /** Counts a try that is about to be made. Never in the caller's transaction: what that rolls back was tried all the same. */
  async spend(kind: AttemptKind, trier: Trier): Promise<Attempt> {
    const { budgets, isKnown } = this.budgetsOf(kind, trier);
    const keys = budgets.map(({ key }) => key);
    const [[spentAt, refusedBy, retryAfter]] = (await this.statements.run(spendStatement, [
      kind,
      keys,
      budgets.map(({ rule }) => rule.tries),
      budgets.map(({ rule }) => rule.seconds),
      budgets.map(({ rule }) => rule.least ?? null),
    ])) as [string | null, number | null, number | null][];
    if (spentAt !== null) return { kind, keys, isKnown, spentAt };
    const { scope } = budgets[refusedBy! - 1].rule;
    const refusal = new AppError(commonErrors.TOO_MANY_REQUESTS, {
      retryAfterSeconds: retryAfter!,
      privateDetail: `the tries of ${kind} by ${scope} are used up`,
    });
    return { kind, keys, isKnown, refusal };
  }
  /** It was no guess: gives the try back where its kind does, this one only. Who guesses beside its owner gets no more. */
  async succeed({ kind, keys, spentAt, isKnown }: Attempt): Promise<void> {
    if (spentAt === undefined || !kinds[kind].refunds) return;
    await this.statements.run(refundStatement, [kind, keys, spentAt, !isKnown]);
  }
  /** Whether the value of the cookie of known devices proves that `account` was used on it. */
  isKnownDevice(device: string | undefined, account: string): boolean {
    return this.devices.idOf(device, account) !== undefined;
  }
  /**
   * The next value of the cookie of known devices, after somebody has proven to be `account`: as Secure, HttpOnly and
   * SameSite=Lax, for half a year.
   */
  markDevice(device: string | undefined, account: string): string {
    return this.devices.mark(device, account);
  }
  /** Takes away what no longer counts. Resolves to how many rows that were. */
  async purge(): Promise<number> {
    await this.statements.run(purgeTotalsStatement, []);
    for (let purged = 0; ;) {
      const { length } = await this.statements.run(purgeStatement, []);
      purged += length;
      if (length === 0) return purged;
    }
  }
  onApplicationBootstrap(): void {
    // Not at the same time as the instances that started together with this one.
    const every = PURGE_EVERY_MS * (0.75 + Math.random() / 2);
    const failed = (error: unknown) => this.logger.warn({ err: error }, 'tries could not be purged');
    this.timer = setInterval(() => (this.purging = this.purge().catch(failed)), every).unref();
  }
  /** Before the pool closes: a purge under way would hold it open. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.purging;
  }
  private budgetsOf(kind: AttemptKind, { account, network, device }: Trier) {
    const { rules }: Kind = kinds[kind];
    const known = account === undefined ? undefined : this.devices.idOf(device, account);
    const name = account === undefined ? undefined : accountName(account);
    const whose: Readonly<Record<Scope, string | undefined>> = {
      account: known === undefined ? name : undefined,
      device: known && `${known} ${name}`,
      devices: known && name,
      network: known === undefined ? networkOf(network) : undefined,
      neighbourhood: known === undefined ? neighbourhoodOf(network) : undefined,
    };
    const budgets = rules.flatMap((rule) => {
      const who = whose[rule.scope];
      return who === undefined ? [] : [{ rule, key: this.hash([kind, rule.scope, rule.seconds, who]) }];
    });
    return { budgets, isKnown: known !== undefined };
  }
  private hash(parts: readonly unknown[]): Buffer {
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest().subarray(0, 16);
  }
}
