export type Item = Record<string, unknown>;
/** On an item of a GraphQL answer: the names of its fields that rights hide. */
export const hidden: unique symbol = Symbol('hidden fields');

export interface Page {
  readonly items: Item[];
  /** Sort key values of the last item when there is more. */
  readonly next: unknown[] | null;
  /** Sort key values of every item, for edges. */
  readonly cursors: unknown[][];
  /** Ids and versions of all rows in the page, when asked for. */
  readonly versions?: string;
}
