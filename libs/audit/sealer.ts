import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Database } from '#libs/database/database.js';
import { Statements } from '#libs/database/statements.js';
import { AuditSignatures, entryHash, entryText, headText, sealHash, sealText, type Seal } from './audit-seals.js';
import { entryColumns, entryOf } from './stored-entry.js';

/** Entries of one seal at most. */
const maxEntries = 1000;

// Who finds it locked leaves the work to the other.
const headStatement = {
  name: 'audit_head_lock',
  text: 'select seal, total, hash, mac from audit_head for update skip locked',
};
const waitingStatement = {
  name: 'audit_waiting',
  text: `select ${entryColumns} from audit_unsealed u join audit_entries e on e.id = u.entry_id
         order by e.at, e.id limit $1`,
};
const sealStatement = {
  name: 'audit_seal',
  text: `
    with sealed as (
      insert into audit_seals (no, at, count, total, entry_ids, entry_hashes, previous_hash, hash, mac)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)),
    head as (update audit_head set seal = $1, total = $4, hash = $8, mac = $10)
    delete from audit_unsealed where entry_id = any($5)`,
};

/**
 * Chains what is committed. Entries wait in a table that their own transaction puts them into, so none is missed however
 * late it commits, and writers never wait for each other. One instance seals at a time.
 */
@Injectable()
export class AuditSealer {
  constructor(
    private readonly database: Database,
    private readonly statements: Statements,
    private readonly signatures: AuditSignatures,
    private readonly logger: PinoLogger,
  ) {}

  /** Seals everything that waits. Returns how many entries that were. */
  async seal(signal?: AbortSignal): Promise<number> {
    let sealed = 0;
    for (;;) {
      if (signal?.aborted) return sealed;
      const seal = await this.sealSome();
      if (!seal) return sealed;
      sealed += seal.count;
      // The log is kept elsewhere: a trail that was cut lacks what this line names.
      this.logger.info({ seal: seal.no, total: seal.total, hash: sealHash(seal).toString('hex') }, 'audit sealed');
      if (seal.count < maxEntries) return sealed;
    }
  }
  private sealSome(): Promise<Seal | undefined> {
    return this.database.transaction(async (em) => {
      const [head] = (await this.statements.run(headStatement, [], em)) as [number, number, Buffer, Buffer][];
      if (!head) return undefined;
      const [last, before, previousHash, headMac] = head;
      if (last > 0 && this.signatures.check(headText(last, before, previousHash), headMac) === 'wrong')
        this.logger.error({ seal: last }, 'audit: the head of the chain was changed; run `npm run audit:verify`');
      const entries = (await this.statements.run(waitingStatement, [maxEntries], em)).map(entryOf);
      if (entries.length === 0) return undefined;
      for (const entry of entries)
        if (this.signatures.check(entryText(entry), entry.mac) === 'wrong')
          this.logger.error({ entry: entry.id }, 'audit: an entry was not written by the service, or changed since');
      const seal: Seal = {
        no: last + 1,
        at: new Date().toISOString(),
        count: entries.length,
        total: before + entries.length,
        entryIds: entries.map((entry) => entry.id),
        entryHashes: Buffer.concat(entries.map(entryHash)),
        previousHash,
      };
      const hash = sealHash(seal);
      const mac = this.signatures.sign(sealText(hash));
      const { no, at, count, total, entryIds, entryHashes } = seal;
      const nextMac = this.signatures.sign(headText(no, total, hash));
      const values = [no, at, count, total, entryIds, entryHashes, previousHash, hash, mac, nextMac];
      await this.statements.run(sealStatement, values, em);
      return seal;
    });
  }
}
