import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from '#libs/testing/database.js';
import { adminId } from '#test/lists/seeds.js';

const writers = 8;
const insert = `insert into orders (id, customer_id, status, total_amount, currency, placed_at, created_at)
  values ($1, '${adminId}', 'PLACED', $2::int, 'EUR', case when $2::int > 150 then timestamptz '2026-01-01 00:00:00.123+00' + $2::int * interval '5 minutes' end,
          timestamptz '2026-01-01 00:00:00.123+00' + $2::int * interval '3 minutes')`;

/** Writers who insert, change and delete orders all over a list, but never where its `lasting` rows stand. */
export class Writers {
  /** Rows whose place in the list changed: a walk may meet them twice. */
  readonly moved = new Set<string>();
  private readonly pool: pg.Pool;
  private readonly mine: string[][] = Array.from({ length: writers }, () => []);
  private running: Promise<unknown> | undefined;
  private stopping = false;
  private written = 0;
  private waiting: { until: number; resolve: () => void } | undefined;

  constructor(
    { ownerUrl }: TestDatabase,
    private readonly lasting: readonly string[],
  ) {
    this.pool = new pg.Pool({ connectionString: ownerUrl, max: writers });
  }
  start(): void {
    this.running = Promise.all(this.mine.map((rows, i) => this.write(i, rows)));
  }
  /** Resolves when every writer has come round about once more, so that a walk cannot slip through before they begin. */
  async busy(): Promise<void> {
    const round = new Promise<void>((resolve) => (this.waiting = { until: this.written + writers, resolve }));
    await Promise.race([round, this.running]);
  }
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    await this.pool.end();
  }
  /** As many rows at any time, so that a walk comes to its end however fast the writers are. */
  private async write(writer: number, rows: string[]): Promise<void> {
    for (let round = writer; !this.stopping; round++) {
      const id = randomUUID();
      await this.pool.query(insert, [id, (round * 7919) % 700]);
      rows.push(id);
      await this.pool.query('update orders set note = $2 where id = $1', [
        this.lasting[(round * 31) % this.lasting.length],
        `seen ${round}`,
      ]);
      if (round % 3 === 0) {
        const move = rows[round % rows.length];
        this.moved.add(move);
        await this.pool.query(`update orders set total_amount = $2, placed_at = null where id = $1`, [
          move,
          (round * 104_729) % 700,
        ]);
      }
      if (rows.length > 10) await this.pool.query('update orders set deleted_at = now() where id = $1', [rows.shift()]);
      this.written++;
      if (this.waiting && this.written >= this.waiting.until) this.waiting.resolve();
    }
  }
}
/** What is wrong with a walk: rows that existed throughout and were missed, and rows that stayed in place and came twice. */
export function flaws(walked: readonly string[], lasting: readonly string[], moved: ReadonlySet<string>): string[] {
  const seen = new Map<string, number>();
  for (const id of walked) seen.set(id, (seen.get(id) ?? 0) + 1);
  return [
    ...lasting.filter((id) => !seen.has(id)).map((id) => `${id} was missed`),
    ...[...seen].filter(([id, times]) => times > 1 && !moved.has(id)).map(([id, times]) => `${id} came ${times} times`),
  ];
}
