import { LeasedBudgets, type LeasingOptions } from '#libs/limits/leased-budgets.js';
import { Ledger, type Ask, type Grant } from '#libs/limits/ledger.js';

/** Counts what a ledger is asked for requests, and can be taken away. */
export class WatchedLedger extends Ledger {
  questions = 0;
  /** Of one budget. */
  asks: Ask[] = [];
  away: 'no' | 'fails' | 'hangs' = 'no';
  constructor(private readonly real: Ledger) {
    super();
  }
  override async lease(asks: readonly Ask[], instances: number): Promise<Grant[]> {
    this.questions++;
    this.asks.push(...asks);
    await this.reach();
    return this.real.lease(asks, instances);
  }
  override async beat(instance: string): Promise<number> {
    await this.reach();
    return this.real.beat(instance);
  }
  override async leave(instance: string): Promise<void> {
    await this.reach();
    await this.real.leave(instance);
  }
  private async reach(): Promise<void> {
    if (this.away === 'fails') throw new Error('away');
    if (this.away === 'hangs') await new Promise(() => undefined);
  }
}

export interface Leasing {
  readonly budgets: LeasedBudgets;
  readonly ledger: WatchedLedger;
  readonly logged: string[];
}
/** Instances that know of each other. */
export async function leasing(
  ledgers: readonly Ledger[],
  options: Partial<LeasingOptions> & { Class?: typeof LeasedBudgets } = {},
): Promise<Leasing[]> {
  const all = ledgers.map((real) => {
    const ledger = new WatchedLedger(real);
    const logged: string[] = [];
    const log = (_: unknown, text?: string) => void logged.push(text ?? String(_));
    const logger = { warn: log, info: log } as unknown as LeasingOptions['logger'];
    const { Class = LeasedBudgets } = options;
    const budgets = new Class(ledger, { hashKey: Buffer.alloc(32, 'key'), logger, ...options });
    // A busy machine is not what these tests are about.
    budgets.patience = budgets.timeout = 20_000;
    return { budgets, ledger, logged };
  });
  // The first ones hear of the last ones, too.
  for (let round = 0; round < 2; round++) for (const { budgets } of all) await budgets.meet();
  return all;
}

const windowMs = 60_000;
export const spend = ({ budgets }: Leasing, key: string, limit: number, cost = 1) =>
  budgets.increment(key, windowMs, limit, 0, 'default', cost);
/** How many of so many requests, by the instances in turn, are served. */
export async function served(all: readonly Leasing[], key: string, limit: number, times: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i++) if (!(await spend(all[i % all.length], key, limit)).isBlocked) count++;
  return count;
}
/** The same at once. */
export async function servedAtOnce(
  all: readonly Leasing[],
  key: string,
  limit: number,
  times: number,
): Promise<number> {
  const answers = await Promise.all(Array.from({ length: times }, (_, i) => spend(all[i % all.length], key, limit)));
  return answers.filter(({ isBlocked }) => !isBlocked).length;
}
export const questions = (all: readonly Leasing[]): number =>
  all.reduce((sum, { ledger }) => sum + ledger.questions, 0);
