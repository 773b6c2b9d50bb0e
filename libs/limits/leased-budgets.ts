import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { PinoLogger } from 'nestjs-pino';
import { BudgetStorage, Generations, recordOf, type BudgetRecord } from './budget-storage.js';
import type { Ask, Grant, Ledger } from './ledger.js';

/** One key of one limit, as this instance knows it. */
interface Budget {
  readonly hash: () => Buffer;
  readonly limit: number;
  readonly ttl: number;
  resetsAt: number;
  /** Taken in this window, leased or not. */
  taken: number;
  /** Of that: without a lease, and not yet told to the ledger. */
  untold: number;
  /** Of that: while the ledger could not be asked. */
  alone: number;
  /** What is left of what was leased in `window`. */
  lease: number;
  block: number;
  window?: string;
  /** What nobody had leased when the ledger was asked last. */
  rest?: number;
  /** Nothing was left then; before this time it is not asked again. */
  refusedUntil: number;
  usedAt: number;
}
interface Waiting {
  wanted: number;
  /** False when the answer did not come while a request may wait for it. */
  readonly answered: Promise<boolean>;
  readonly done: (isAnswered: boolean) => void;
}

export interface LeasingOptions {
  /** Of keys: the ledger sees neither accounts nor networks. */
  readonly hashKey: Buffer;
  readonly logger: Pick<PinoLogger, 'warn' | 'info'>;
  /** Milliseconds that never run backwards. */
  readonly now?: () => number;
  /** Of a limit. */
  readonly maxKeys?: number;
}

/** Requests that one statement may be asked for. */
const REQUESTS_PER_STATEMENT = 50;
/** Statements that may be saved up. Also what a fresh instance has. */
const FIRST_STATEMENTS = 20;
const MAX_STATEMENTS = 200;
/** Budgets of one statement. */
const MAX_BATCH = 100;
/** Requests of a key that no instance tells: at most a tenth of the limit, all instances together. */
const MAX_FREE = 50;
const FREE_PART = 10;
/** Milliseconds that a request waits for an answer. */
const PATIENCE = 100;
/** Milliseconds until a question counts as failed. */
const TIMEOUT = 1000;
/** Milliseconds until a budget that is used up is asked for again: others may have given back. */
const ASK_AGAIN = 5000;
const BEAT_EVERY = 5000;
/** The same while the ledger is away. */
const RETRY_EVERY = 1000;
/** Milliseconds without a request until a lease is given back. */
const IDLE = 2000;
/** From blocks of so many on, the next one is asked for before the last one is empty. */
const EARLY_FROM = 20;

/**
 * Budgets that all instances share. An instance takes blocks from a ledger and serves from memory: a part of what is
 * left each time, so that blocks are large while a budget is full and small when it is nearly empty. The first
 * few requests of a key are not told at all, so that floods from many networks write nothing. One question an instance is
 * under way at a time, for many keys, and at most one in 50 requests. When it cannot be asked, an instance goes on with
 * its share of the limit, once a window.
 */
export class LeasedBudgets extends BudgetStorage {
  readonly instance = randomUUID();
  /** Milliseconds that a request waits for an answer, and until a question counts as failed. */
  patience = PATIENCE;
  timeout = TIMEOUT;
  private readonly byName = new Map<string, Generations<Budget>>();
  private readonly leased = new Set<Budget>();
  private waiting = new Map<Budget, Waiting>();
  private isAsking = false;
  private asking?: Promise<void>;
  private statements = FIRST_STATEMENTS;
  private instances = 1;
  /** From a failure until the next beat that is heard: no request tries meanwhile. */
  private isDown = false;
  private timer?: NodeJS.Timeout;
  private beating?: Promise<void>;
  private readonly now: () => number;
  // What is asked for many requests is not a part of the one that happened to start it.
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly ledger: Ledger,
    private readonly options: LeasingOptions,
  ) {
    super();
    this.now = options.now ?? (() => performance.now());
  }
  override async increment(
    key: string,
    ttl: number,
    limit: number,
    _blockDuration: number,
    name: string,
    cost = 1,
    isMore = false,
  ): Promise<BudgetRecord> {
    const now = this.now();
    const generations = this.generations(name);
    let budget = generations.live(key, now);
    if (!budget) generations.add(key, (budget = this.fresh(key, ttl, limit, name, now)), now, ttl);
    budget.usedAt = now;
    if (!isMore) this.statements = Math.min(MAX_STATEMENTS, this.statements + 1 / REQUESTS_PER_STATEMENT);
    const isTaken = this.take(budget, cost) || (await this.askAndTake(budget, cost));
    if (isTaken) this.askEarly(budget);
    return this.recordOf(budget, !isTaken);
  }
  override look(key: string, ttl: number, limit: number, name: string): Promise<BudgetRecord> {
    const now = this.now();
    const budget = this.generations(name).live(key, now);
    if (!budget) return Promise.resolve(recordOf(0, ttl, limit === 0));
    return Promise.resolve(this.recordOf(budget, budget.refusedUntil > now));
  }
  /** Without asking anybody: what was told already serves for the next request here. */
  override giveBack(key: string, name: string): void {
    const budget = this.generations(name).live(key, this.now());
    if (!budget || budget.taken === 0) return;
    budget.taken--;
    if (budget.alone > 0) budget.alone--;
    if (budget.untold > 0) budget.untold--;
    else {
      budget.lease++;
      budget.refusedUntil = -Infinity;
      this.leased.add(budget);
    }
  }
  start(): void {
    void this.meet();
    let last = this.now();
    const tick = () => {
      if (!this.isDown && this.now() - last < BEAT_EVERY) return;
      last = this.now();
      void this.meet();
    };
    this.timer = setInterval(tick, RETRY_EVERY).unref();
  }
  /** Hears how many instances there are, and gives back what lies idle. Never rejects. */
  meet(): Promise<void> {
    return (this.beating ??= this.beat().finally(() => (this.beating = undefined)));
  }
  /** Gives back what was leased. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    await this.asking;
    try {
      await this.handIn([...this.leased]);
    } finally {
      await this.inTime(() => this.ledger.leave(this.instance)).catch(() => undefined);
    }
  }

  private generations(name: string): Generations<Budget> {
    let found = this.byName.get(name);
    if (!found) this.byName.set(name, (found = new Generations(this.options.maxKeys)));
    return found;
  }
  private fresh(key: string, ttl: number, limit: number, name: string, now: number): Budget {
    const hash = () => createHmac('sha256', this.options.hashKey).update(`${name} ${key}`).digest().subarray(0, 16);
    const nothing = { taken: 0, untold: 0, alone: 0, lease: 0, block: 0 };
    return { hash, limit, ttl, resetsAt: now + ttl, ...nothing, refusedUntil: -Infinity, usedAt: now };
  }
  private recordOf(budget: Budget, isBlocked: boolean): BudgetRecord {
    const { limit, taken, untold, lease, rest } = budget;
    let left = rest === undefined ? limit - taken : lease + rest - untold;
    if (this.isDown) left = Math.min(left, lease + this.leftAlone(budget));
    left = isBlocked ? 0 : Math.max(0, left);
    return recordOf(
      isBlocked ? limit + 1 : Math.max(0, limit - left),
      Math.max(1, budget.resetsAt - this.now()),
      isBlocked,
    );
  }

  /** From the lease, or from the first few requests that nobody is told of. */
  private take(budget: Budget, cost: number): boolean {
    if (budget.lease >= cost) budget.lease -= cost;
    else if (budget.window === undefined && budget.untold + cost <= this.freeOf(budget)) budget.untold += cost;
    else return false;
    budget.taken += cost;
    return true;
  }
  private freeOf({ limit }: Budget): number {
    return Math.floor(Math.min(MAX_FREE, limit / (FREE_PART * this.instances)));
  }
  private shareOf({ limit }: Budget): number {
    return Math.max(1, Math.floor(limit / this.instances));
  }
  /** What of its share an instance has not used; requests that nobody was told of before are part of it. */
  private leftAlone(budget: Budget): number {
    return this.shareOf(budget) - Math.max(budget.alone, budget.untold);
  }
  /**
   * Without asking, each instance takes its share of the limit once: all of them at most the limit, beside what was leased.
   * Nothing of a budget that was used up when the ledger was asked last.
   */
  private takeAlone(budget: Budget, cost: number): boolean {
    if (budget.refusedUntil !== -Infinity || cost > this.leftAlone(budget)) return false;
    budget.alone += cost;
    budget.untold += cost;
    budget.taken += cost;
    return true;
  }
  private async askAndTake(budget: Budget, cost: number): Promise<boolean> {
    if (budget.refusedUntil > this.now()) return false;
    // Others that wait may take what comes first.
    for (let asked = 0; asked < 2; asked++) {
      if (!this.mayAsk()) return this.takeAlone(budget, cost);
      const isAnswered = await this.ask(budget, cost).answered;
      if (this.take(budget, cost)) return true;
      if (!isAnswered) break;
      if (budget.refusedUntil > this.now() || (budget.rest === 0 && cost > 1)) return false;
    }
    return this.takeAlone(budget, cost);
  }
  private askEarly(budget: Budget): void {
    const { lease, block, rest } = budget;
    if (block >= EARLY_FROM && lease < block / 4 && rest !== 0 && !this.waiting.has(budget) && this.mayAsk())
      this.ask(budget, 1);
  }
  private mayAsk(): boolean {
    return this.statements >= 1 && !this.isDown;
  }
  private ask(budget: Budget, cost: number): Waiting {
    let waiting = this.waiting.get(budget);
    if (!waiting) {
      const { promise, resolve: done } = Promise.withResolvers<boolean>();
      this.waiting.set(budget, (waiting = { wanted: 0, answered: promise, done }));
      // A turn later: what has arrived while this process was busy comes first.
      const late = setTimeout(() => setImmediate(done, false), this.patience);
      void promise.then(() => clearTimeout(late));
    }
    waiting.wanted = Math.min(budget.limit, waiting.wanted + cost);
    if (!this.isAsking) this.asking = this.outside(() => this.askAll());
    return waiting;
  }
  /** Asks for everything that is waited for, and for what comes to it meanwhile. */
  private async askAll(): Promise<void> {
    this.isAsking = true;
    // So that requests of one turn of the event loop go together.
    await Promise.resolve();
    while (this.waiting.size > 0) {
      const batch = [...this.waiting].slice(0, MAX_BATCH);
      for (const [budget] of batch) this.waiting.delete(budget);
      if (this.mayAsk()) await this.askFor(batch.map(([budget, { wanted }]) => ({ budget, wanted, returned: 0 })));
      for (const [, { done }] of batch) done(true);
    }
    // In the same turn as the last look, or who waits from then on would wait for nobody.
    this.isAsking = false;
  }
  private async askFor(of: readonly { budget: Budget; wanted: number; returned: number }[]): Promise<void> {
    this.statements--;
    const now = this.now();
    const asks = of.map(({ budget, wanted, returned }): Ask => ({
      key: budget.hash(),
      limit: budget.limit,
      ttl: budget.ttl,
      age: Math.floor(Math.min(budget.ttl - 1, Math.max(0, now - (budget.resetsAt - budget.ttl)))),
      spent: budget.untold,
      returned,
      window: budget.window,
      wanted,
    }));
    try {
      const grants = await this.inTime(() => this.ledger.lease(asks, this.instances));
      for (const [i, { budget, wanted }] of of.entries()) this.receive(budget, asks[i], grants[i], wanted);
      this.isUp();
    } catch (error) {
      this.fail(error);
    }
  }
  private receive(budget: Budget, { spent }: Ask, { granted, rest, window, endsIn }: Grant, wanted: number): void {
    const now = this.now();
    if (budget.window !== window) budget.lease = 0;
    budget.window = window;
    budget.untold = Math.max(0, budget.untold - spent);
    budget.lease += granted;
    budget.block = granted;
    budget.rest = rest;
    budget.resetsAt = now + Math.min(endsIn, budget.ttl);
    if (granted > 0) budget.refusedUntil = -Infinity;
    else if (wanted > 0 && budget.lease === 0) budget.refusedUntil = Math.min(budget.resetsAt, now + ASK_AGAIN);
    if (budget.lease > 0) this.leased.add(budget);
  }
  private async handIn(budgets: readonly Budget[]): Promise<void> {
    const now = this.now();
    for (const budget of budgets) this.leased.delete(budget);
    const back = budgets
      .filter(({ lease, resetsAt }) => lease > 0 && resetsAt > now)
      .map((budget) => ({ budget, wanted: 0, returned: budget.lease }));
    // Not to be spent meanwhile.
    for (const { budget } of back) budget.lease = budget.block = 0;
    for (let i = 0; i < back.length && (i === 0 || !this.isDown); i += MAX_BATCH)
      await this.askFor(back.slice(i, i + MAX_BATCH));
  }
  private async beat(): Promise<void> {
    try {
      this.instances = Math.max(1, await this.inTime(() => this.ledger.beat(this.instance)));
      const now = this.now();
      await this.handIn([...this.leased].filter(({ usedAt, resetsAt }) => usedAt < now - IDLE || resetsAt <= now));
      this.isUp();
    } catch (error) {
      this.fail(error);
    }
  }
  private async inTime<T>(work: () => Promise<T>): Promise<T> {
    const waiting = new AbortController();
    const late = delay(this.timeout, undefined, { signal: waiting.signal }).then(() => {
      throw new Error(`no answer within ${this.timeout} ms`);
    });
    // Aborted when the work is done.
    late.catch(() => undefined);
    try {
      return await Promise.race([this.outside(work), late]);
    } finally {
      waiting.abort();
    }
  }
  private fail(error: unknown): void {
    if (this.isDown) return;
    this.isDown = true;
    this.options.logger.warn({ err: error }, 'limits are not shared: each instance goes on with its own part of them');
  }
  private isUp(): void {
    if (!this.isDown) return;
    this.isDown = false;
    this.options.logger.info('limits are shared again');
  }
}
