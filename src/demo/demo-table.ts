/** Rows as they are written, under the names of their columns. Times are RFC 3339. */
export interface DemoTable {
  readonly name: string;
  /** Names with types: `id uuid, created_at timestamptz`. */
  readonly columns: string;
  readonly rows: readonly object[];
}
