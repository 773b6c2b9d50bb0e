/** What an instance tells and asks about one budget. */
export interface Ask {
  readonly key: Buffer;
  readonly limit: number;
  /** Length of the window, and how much of it is over by the asking instance, in milliseconds. */
  readonly ttl: number;
  readonly age: number;
  /** What was spent without a lease. */
  readonly spent: number;
  /** What is not needed of what was leased in `window`. */
  readonly returned: number;
  readonly window?: string;
  /** So much at least, if there is; 0: nothing. */
  readonly wanted: number;
}
export interface Grant {
  readonly granted: number;
  /** What nobody has leased yet. */
  readonly rest: number;
  /** Names the window that the grant is of. */
  readonly window: string;
  /** Milliseconds until the window, and with it the grant, ends. */
  readonly endsIn: number;
}

/** Most that is leased at once. */
export const MAX_BLOCK = 1000;

/** What all instances have spent. Every method rejects when it cannot be reached. */
export abstract class Ledger {
  /** Answers in the order of the asks; a grant is a part of what is left, by the number of instances, or what is wanted. */
  abstract lease(asks: readonly Ask[], instances: number): Promise<Grant[]>;
  /** This instance is alive: how many are. */
  abstract beat(instance: string): Promise<number>;
  abstract leave(instance: string): Promise<void>;
}
