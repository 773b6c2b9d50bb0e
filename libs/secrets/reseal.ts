import type { Secrets } from './secrets.js';

/** Where sealed values lie: bound to the id of their row. Names are ours, and go into SQL as they are. */
export interface SealedColumn {
  readonly table: string;
  readonly id: string;
  readonly idType: 'uuid' | 'text';
  /** May be null. */
  readonly sealed: string;
  readonly purpose: string;
}
/** Runs one statement; rows are arrays. */
export type Query = (text: string, values: readonly unknown[]) => Promise<unknown[][]>;
export interface Resealed {
  readonly table: string;
  /** Sealed anew with the first key. */
  readonly done: number;
  /** Sealed with a key that is not there. */
  readonly closed: number;
}
const atOnce = 200;

/**
 * Seals anew with the first key of the configuration what was sealed with another one, in parts that each are a statement: it
 * may be stopped anywhere and run again, by several at once. A value that was changed meanwhile is left as it is.
 */
export async function reseal(
  query: Query,
  secrets: Secrets,
  { table, id, idType, sealed, purpose }: SealedColumn,
  { signal, batch = atOnce }: { readonly signal?: AbortSignal; readonly batch?: number } = {},
): Promise<Resealed> {
  let [done, closed] = [0, 0];
  for (let after: string | null = null; ;) {
    signal?.throwIfAborted();
    const rows = (await query(
      `select ${id}::text, ${sealed} from ${table}
        where left(${sealed}, $1) <> $2 and ($3::${idType} is null or ${id} > $3::${idType}) order by ${id} limit $4`,
      [secrets.mark.length, secrets.mark, after, batch],
    )) as [string, string][];
    if (rows.length === 0) return { table, done, closed };
    const renewed = rows.flatMap(([row, old]) => {
      const text = opened(secrets, purpose, old, row);
      return text ? [[row, old, secrets.seal(purpose, text, row)]] : [];
    });
    closed += rows.length - renewed.length;
    done += (
      await query(
        `update ${table} t set ${sealed} = n.fresh
           from unnest($1::${idType}[], $2::text[], $3::text[]) as n (id, old, fresh)
          where t.${id} = n.id and t.${sealed} = n.old returning 1`,
        [0, 1, 2].map((i) => renewed.map((each) => each[i])),
      )
    ).length;
    after = rows.at(-1)![0];
  }
}
function opened(secrets: Secrets, purpose: string, sealed: string, bound: string): Buffer | undefined {
  try {
    return secrets.open(purpose, sealed, bound);
  } catch {
    return undefined;
  }
}
/** How many values need another key than the first one, and how many need one that is not there. */
export async function outdatedIn(query: Query, secrets: Secrets, { table, sealed }: SealedColumn) {
  const [[older, closed]] = (await query(
    `select count(*) filter (where left(${sealed}, $1) <> $2 and left(${sealed}, $1) = any($3::text[]))::int as older,
            count(*) filter (where left(${sealed}, $1) <> all($3::text[]))::int as closed from ${table}`,
    [secrets.mark.length, secrets.mark, secrets.marks],
  )) as [[number, number]];
  return { table, older, closed };
}
