import type { Row } from './statements.js';

export type Item = Record<string, unknown>;
/** On an item of a GraphQL answer: the names of its fields that rights hide. */
export const hidden: unique symbol = Symbol('hidden fields');

/** A page of a list. */
export class Page {
  readonly items: Item[] = [];
  /** Whether there are more rows after it, when the read has looked. */
  hasMore = false;
  /** Ids and versions of all rows in the page, when asked for. */
  versions?: string;
  private readonly rows: Row[] = [];

  /** `positions`: of the sort keys in a row, when cursors are wanted. */
  constructor(private readonly positions: readonly number[] = []) {}

  add(item: Item, row: Row): void {
    this.items.push(item);
    this.rows.push(row);
  }
  /** Sort key values of an item. */
  cursor(index: number): unknown[] {
    return this.positions.map((at) => this.rows[index][at]);
  }
}
