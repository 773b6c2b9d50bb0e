import type { ThrottlerStorage } from '@nestjs/throttler';

export type BudgetRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Where budgets are kept: the library's contract, and a look that costs nothing. One of several instances shares them. */
export abstract class BudgetStorage implements ThrottlerStorage {
  /**
   * Counts one request, or work that stands for `cost` of them: all of it, or nothing when less is left. `ttl` is the length
   * of the window and `blockDuration` the least time that a used-up budget stays refused, both in milliseconds; the times
   * of the answer are seconds, rounded up. `isMore`: for a request that was counted before.
   */
  abstract increment(
    key: string,
    ttl: number,
    limit: number,
    blockDuration: number,
    name: string,
    cost?: number,
    isMore?: boolean,
  ): Promise<BudgetRecord>;
  /** The same without counting; `isBlocked` when the next request would be refused. */
  abstract look(key: string, ttl: number, limit: number, name: string): Promise<BudgetRecord>;
  /** Takes back one request that was counted and not refused: it turns out to be for another budget. */
  abstract giveBack(key: string, name: string): void;
}

interface Budget {
  hits: number;
  resetsAt: number;
}
/** Keys of one limit that are remembered at most; 200 bytes each. */
const MAX_KEYS = 100_000;

/**
 * Budgets of one limit by key. No timer: two generations are kept, and the older one is dropped as a whole when every
 * window in it must have ended, or when the younger one is full. Who floods us with keys makes us forget budgets early,
 * never remember more.
 */
export class Generations<Kept extends { readonly resetsAt: number }> {
  private young = new Map<string, Kept>();
  private old = new Map<string, Kept>();
  private turnsAt = -Infinity;

  constructor(private readonly maxKeys = MAX_KEYS) {}

  get size(): number {
    return this.young.size + this.old.size;
  }
  live(key: string, now: number): Kept | undefined {
    const budget = this.young.get(key) ?? this.old.get(key);
    return budget && budget.resetsAt > now ? budget : undefined;
  }
  /** `longest`: after so many milliseconds the budget will not be needed any more. */
  add(key: string, budget: Kept, now: number, longest: number): void {
    if (now >= this.turnsAt || this.young.size >= this.maxKeys / 2) {
      this.old = this.young;
      this.young = new Map();
      this.turnsAt = now + longest;
    }
    this.young.set(key, budget);
  }
}

/** Budgets of one instance by itself, in fixed windows that start with a key's first request. */
export class MemoryBudgets extends BudgetStorage {
  private readonly byName = new Map<string, Generations<Budget>>();

  constructor(
    /** Milliseconds that never run backwards. */
    private readonly now: () => number = () => performance.now(),
    private readonly maxKeys = MAX_KEYS,
  ) {
    super();
  }
  /** Keys that are remembered of a limit. */
  size(name: string): number {
    return this.generations(name).size;
  }
  override increment(key: string, ttl: number, limit: number, blockDuration: number, name: string, cost = 1) {
    const now = this.now();
    const generations = this.generations(name);
    let budget = generations.live(key, now);
    if (!budget) generations.add(key, (budget = { hits: 0, resetsAt: now + ttl }), now, ttl + blockDuration);
    // What is refused leaves the rest to what costs less.
    if (cost > 1 && budget.hits + cost > limit)
      return Promise.resolve(recordOf(budget.hits, budget.resetsAt - now, true));
    if (budget.hits <= limit && (budget.hits += cost) > limit)
      budget.resetsAt = Math.max(budget.resetsAt, now + blockDuration);
    return Promise.resolve(recordOf(budget.hits, budget.resetsAt - now, budget.hits > limit));
  }
  override look(key: string, ttl: number, limit: number, name: string) {
    const now = this.now();
    const budget = this.generations(name).live(key, now);
    if (!budget) return Promise.resolve(recordOf(0, ttl, limit === 0));
    return Promise.resolve(recordOf(budget.hits, budget.resetsAt - now, budget.hits >= limit));
  }
  override giveBack(key: string, name: string): void {
    const budget = this.generations(name).live(key, this.now());
    if (budget && budget.hits > 0) budget.hits--;
  }
  private generations(name: string): Generations<Budget> {
    let found = this.byName.get(name);
    if (!found) this.byName.set(name, (found = new Generations(this.maxKeys)));
    return found;
  }
}

/** Times in seconds, rounded up. */
export function recordOf(totalHits: number, milliseconds: number, isBlocked: boolean): BudgetRecord {
  const timeToExpire = Math.ceil(milliseconds / 1000);
  return { totalHits, timeToExpire, isBlocked, timeToBlockExpire: isBlocked ? timeToExpire : 0 };
}
