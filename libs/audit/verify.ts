import type pg from 'pg';
import {
  AuditSignatures,
  entryHash,
  entryText,
  HASH_BYTES,
  headText,
  sealHash,
  sealText,
  type Seal,
} from './audit-seals.js';
import { entryColumns, entryOf, type StoredEntry } from './stored-entry.js';

export interface VerifyOptions {
  /** Number of the seal to begin with; those before are taken as they are. */
  readonly from?: number;
  /** A seal that was seen earlier and is kept outside the database: it must still be there. */
  readonly anchor?: { readonly seal: number; readonly hash: string };
  readonly onProgress?: (entries: number) => void;
}
export interface Verdict {
  /** What is wrong first, in words; undefined when nothing is. */
  readonly problem?: string;
  readonly seals: number;
  readonly entries: number;
  /** Written and not sealed yet. */
  readonly waiting: number;
  /** Signatures by keys that are not configured any more; a later seal covers what they stand for. */
  readonly unknownKeys: number;
  /** The last seal. */
  readonly head: { readonly seal: number; readonly hash: string };
}
/** What the chain does not agree with. */
class Broken extends Error {}

/** Up to 5,000 entries in memory. */
const sealsAtOnce = 5;
type SealRow = Seal & { readonly hash: Buffer; readonly mac: Buffer };

/** Reads the whole trail, in pieces, within one snapshot; stops at the first thing that is wrong. */
export async function verifyAudit(
  client: pg.Client,
  signatures: AuditSignatures,
  options: VerifyOptions = {},
): Promise<Verdict> {
  await client.query('begin isolation level repeatable read read only');
  try {
    // Without statistics yet, the planner would compare each entry of a young table with each place in the chain.
    await client.query(`select set_config('enable_nestloop', 'off', true), set_config('statement_timeout', '0', true),
      set_config('idle_in_transaction_session_timeout', '0', true), set_config('TimeZone', 'UTC', true)`);
    return await new Verification(client, signatures, options).run();
  } finally {
    await client.query('rollback');
  }
}

class Verification {
  private entries = 0;
  private waiting = 0;
  private unknownKeys = 0;
  private last: { no: number; total: number; hash: Buffer } = { no: 0, total: 0, hash: Buffer.alloc(0) };

  constructor(
    private readonly client: pg.Client,
    private readonly signatures: AuditSignatures,
    private readonly options: VerifyOptions,
  ) {}

  async run(): Promise<Verdict> {
    let problem: string | undefined;
    const first = Math.max(1, this.options.from ?? 1);
    try {
      if (first > 1) await this.startAt(first);
      for (let from = first; ;) {
        const seals = await this.seals(from);
        for (const seal of seals) this.checkSeal(seal);
        await this.checkEntries(seals);
        if (seals.length < sealsAtOnce) break;
        from = seals.at(-1)!.no + 1;
      }
      await this.checkHead();
      await this.checkWaiting();
      await this.checkUnsealed();
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      problem = error.message;
    }
    return {
      problem,
      seals: this.last.no === 0 ? 0 : this.last.no - first + 1,
      entries: this.entries,
      waiting: this.waiting,
      unknownKeys: this.unknownKeys,
      head: { seal: this.last.no, hash: this.last.hash.toString('hex') },
    };
  }
  private async startAt(first: number): Promise<void> {
    const [before] = await this.rows('select no, total, hash from audit_seals where no = $1', [first - 1]);
    if (!before) throw new Broken(`There is no seal ${first - 1} to begin after.`);
    this.last = { no: Number(before[0]), total: Number(before[1]), hash: before[2] as Buffer };
    const { anchor } = this.options;
    if (!anchor || anchor.seal >= first) return;
    const [seen] = await this.rows('select hash from audit_seals where no = $1', [anchor.seal]);
    this.requireAnchor(anchor.seal, seen?.[0] as Buffer | undefined);
  }
  private async seals(from: number): Promise<SealRow[]> {
    const rows = await this.rows(
      `select no, at, count, total, entry_ids::text[], entry_hashes, previous_hash, hash, mac
       from audit_seals where no >= $1 order by no limit $2`,
      [from, sealsAtOnce],
    );
    return rows.map(([no, at, count, total, entryIds, entryHashes, previousHash, hash, mac]) => ({
      no: Number(no),
      at: (at as Date).toISOString(),
      count: count as number,
      total: Number(total),
      entryIds: entryIds as string[],
      entryHashes: entryHashes as Buffer,
      previousHash: previousHash as Buffer,
      hash: hash as Buffer,
      mac: mac as Buffer,
    }));
  }
  private checkSeal(seal: SealRow): void {
    const { no, previousHash, hash, total, count, mac } = seal;
    if (no !== this.last.no + 1) throw new Broken(`Seal ${this.last.no + 1} is missing; the next one is ${no}.`);
    if (!previousHash.equals(this.last.hash) || total !== this.last.total + count)
      throw new Broken(`Seal ${no} does not follow the seal before it.`);
    if (!hash.equals(sealHash(seal))) throw new Broken(`Seal ${no} was changed.`);
    this.require(sealText(hash), mac, `Seal ${no} was not made by the service.`);
    this.requireAnchor(no, hash);
    this.last = { no, total, hash };
  }
  private async checkEntries(seals: readonly SealRow[]): Promise<void> {
    const ids = seals.flatMap((seal) => seal.entryIds);
    const rows = await this.rows(`select ${entryColumns} from audit_entries e where e.id = any($1::uuid[])`, [ids]);
    const found = new Map(rows.map((row) => [row[0] as string, stored(row)]));
    for (const { no, entryIds, entryHashes } of seals)
      for (const [i, id] of entryIds.entries()) {
        const entry = found.get(id);
        if (!entry) throw new Broken(`Entry ${id} (seal ${no}) is missing.`);
        if (!entryHash(entry).equals(entryHashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)))
          throw new Broken(`Entry ${id} (seal ${no}) was changed.`);
        this.requireEntry(entry);
        this.entries++;
      }
    this.options.onProgress?.(this.entries);
  }
  /** The end of the chain may have been cut off. */
  private async checkHead(): Promise<void> {
    const [head] = await this.rows('select seal, total, hash, mac from audit_head', []);
    if (!head) throw new Broken('The head of the chain is missing.');
    const [seal, total, hash, mac] = [Number(head[0]), Number(head[1]), head[2] as Buffer, head[3] as Buffer];
    if (seal > 0) this.requireHead(headText(seal, total, hash), mac);
    if (seal > this.last.no) throw new Broken(`Seal ${this.last.no + 1} is missing; the last one was ${seal}.`);
    if (seal !== this.last.no || total !== this.last.total || !hash.equals(this.last.hash))
      throw new Broken('The head of the chain does not fit the last seal.');
    const { anchor } = this.options;
    if (anchor && anchor.seal > seal) this.requireAnchor(anchor.seal, undefined);
  }
  private requireAnchor(no: number, hash: Buffer | undefined): void {
    const { anchor } = this.options;
    if (anchor?.seal !== no) return;
    if (!hash) throw new Broken(`Seal ${no}, the anchor, is missing.`);
    if (anchor.hash !== hash.toString('hex')) throw new Broken(`Seal ${no} is another one than the anchor.`);
  }
  private async checkWaiting(): Promise<void> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = await this.rows(
        `select u.entry_id::text, ${entryColumns} from audit_unsealed u left join audit_entries e on e.id = u.entry_id
         where u.entry_id > $1 order by u.entry_id limit 1000`,
        [after],
      );
      for (const [id, ...row] of rows) {
        if (row[0] === null) throw new Broken(`Entry ${id as string} (not sealed yet) is missing.`);
        this.requireEntry(stored(row));
        this.waiting++;
      }
      if (rows.length < 1000) return;
      after = rows.at(-1)![0] as string;
    }
  }
  /** Whatever is in the table without a place in the chain was put there by somebody else. */
  private async checkUnsealed(): Promise<void> {
    const [extra] = await this.rows(
      `select e.id::text from audit_entries e
       left join (select unnest(entry_ids) as id from audit_seals) s on s.id = e.id
       left join audit_unsealed u on u.entry_id = e.id
       where s.id is null and u.entry_id is null order by e.at, e.id limit 1`,
      [],
    );
    if (extra) throw new Broken(`Entry ${extra[0] as string} is not part of the chain.`);
  }
  /** It stands for all signatures by older keys, so there is none for it. */
  private requireHead(text: string, mac: Buffer): void {
    const signature = this.signatures.check(text, mac);
    if (signature === 'wrong') throw new Broken('The head of the chain was changed.');
    if (signature === 'unknown key')
      throw new Broken('The head of the chain is signed by a key that ENCRYPTION_KEYS does not hold.');
  }
  private requireEntry(entry: StoredEntry): void {
    this.require(
      entryText(entry),
      entry.mac,
      `Entry ${entry.id} was not written by the service, or was changed before it was sealed.`,
    );
  }
  private require(text: string, mac: Buffer, problem: string): void {
    const signature = this.signatures.check(text, mac);
    if (signature === 'wrong') throw new Broken(problem);
    if (signature === 'unknown key') this.unknownKeys++;
  }
  private async rows(text: string, values: unknown[]): Promise<unknown[][]> {
    return (await this.client.query<unknown[]>({ text, values, rowMode: 'array' })).rows;
  }
}
/** The driver's own dates, as `Statements` gives them. */
function stored(row: readonly unknown[]): StoredEntry {
  const entry = entryOf([...row]);
  return { ...entry, at: (entry.at as unknown as Date).toISOString() };
}
