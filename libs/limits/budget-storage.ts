import type { ThrottlerStorage } from '@nestjs/throttler';

export type BudgetRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Where budgets are kept: the library's contract, and a look that costs nothing. One of several instances shares them. */
export abstract class BudgetStorage implements ThrottlerStorage {
  /**
   * Counts one request. `ttl` is the length of the window and `blockDuration` the least time that a used-up budget stays
   * refused, both in milliseconds; the times of the answer are seconds, rounded up.
   */
  abstract increment(
    key: string,
    ttl: number,
    limit: number,
    blockDuration: number,
    name: string,
  ): Promise<BudgetRecord>;
  /** The same without counting; `isBlocked` when the next request would be refused. */
  abstract look(key: string, ttl: number, limit: number, name: string): Promise<BudgetRecord>;
}

interface Budget {
  hits: number;
  resetsAt: number;
}
interface Generations {
  young: Map<string, Budget>;
  old: Map<string, Budget>;
  turnsAt: number;
}

/** Keys of one limit that are remembered at most; 200 bytes each. */
const MAX_KEYS = 100_000;

/**
 * Budgets of one instance, in fixed windows that start with a key's first request. No timer: two generations of keys are
 * kept, and the older one is dropped as a whole when every window in it must have ended, or when the younger one is full.
 */
export class MemoryBudgets extends BudgetStorage {
  private readonly byName = new Map<string, Generations>();

  constructor(
    /** Milliseconds that never run backwards. */
    private readonly now: () => number = () => performance.now(),
    private readonly maxKeys = MAX_KEYS,
  ) {
    super();
  }
  /** Keys that are remembered of a limit. */
  size(name: string): number {
    const { young, old } = this.generations(name);
    return young.size + old.size;
  }
  override increment(key: string, ttl: number, limit: number, blockDuration: number, name: string) {
    const now = this.now();
    const generations = this.generations(name);
    let budget = this.live(generations, key, now);
    if (!budget) {
      this.turn(generations, now, ttl + blockDuration);
      generations.young.set(key, (budget = { hits: 0, resetsAt: now + ttl }));
    }
    if (budget.hits <= limit && ++budget.hits > limit) budget.resetsAt = Math.max(budget.resetsAt, now + blockDuration);
    return Promise.resolve(recordOf(budget.hits, budget.resetsAt - now, budget.hits > limit));
  }
  override look(key: string, ttl: number, limit: number, name: string) {
    const now = this.now();
    const budget = this.live(this.generations(name), key, now);
    if (!budget) return Promise.resolve(recordOf(0, ttl, limit === 0));
    return Promise.resolve(recordOf(budget.hits, budget.resetsAt - now, budget.hits >= limit));
  }
  private generations(name: string): Generations {
    let found = this.byName.get(name);
    if (!found) this.byName.set(name, (found = { young: new Map(), old: new Map(), turnsAt: -Infinity }));
    return found;
  }
  private live({ young, old }: Generations, key: string, now: number): Budget | undefined {
    const budget = young.get(key) ?? old.get(key);
    return budget && budget.resetsAt > now ? budget : undefined;
  }
  /** Who floods us with networks makes us forget budgets early, never remember more. */
  private turn(generations: Generations, now: number, longest: number): void {
    if (now < generations.turnsAt && generations.young.size < this.maxKeys / 2) return;
    generations.old = generations.young;
    generations.young = new Map();
    generations.turnsAt = now + longest;
  }
}

function recordOf(totalHits: number, milliseconds: number, isBlocked: boolean): BudgetRecord {
  const timeToExpire = Math.ceil(milliseconds / 1000);
  return { totalHits, timeToExpire, isBlocked, timeToBlockExpire: isBlocked ? timeToExpire : 0 };
}
