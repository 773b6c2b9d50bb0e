import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secrets } from '#libs/secrets/secrets.js';
import { canonical } from './canonical.js';
import { contentOf, type Content, type StoredEntry } from './stored-entry.js';

const KEY_ID_BYTES = 4;
export const HASH_BYTES = 32;
const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

export type Signature = 'valid' | 'wrong' | 'unknown key';

/** Signs entries and seals by keys that the database does not hold: who can write there still cannot forge them. */
@Injectable()
export class AuditSignatures {
  private readonly keys: readonly { readonly id: Buffer; readonly key: Buffer }[];

  constructor(secrets: Secrets) {
    this.keys = secrets.derive('audit').map((key) => ({ id: sha256(key).subarray(0, KEY_ID_BYTES), key }));
  }
  sign(text: string): Buffer {
    const { id, key } = this.keys[0];
    return Buffer.concat([id, createHmac('sha256', key).update(text).digest()]);
  }
  check(text: string, mac: Buffer): Signature {
    const found = this.keys.find(({ id }) => id.equals(mac.subarray(0, KEY_ID_BYTES)));
    if (!found) return mac.length === KEY_ID_BYTES + HASH_BYTES ? 'unknown key' : 'wrong';
    const right = createHmac('sha256', found.key).update(text).digest();
    const given = mac.subarray(KEY_ID_BYTES);
    return given.length === right.length && timingSafeEqual(given, right) ? 'valid' : 'wrong';
  }
}

/** What the signature of an entry covers: all of it. */
export const entryText = (entry: Content): string => canonical(contentOf(entry));

export const entryHash = (entry: StoredEntry): Buffer => sha256(`${entryText(entry)} ${entry.mac.toString('hex')}`);

/** Entries in their order, and what was sealed before them. */
export interface Seal {
  readonly no: number;
  readonly at: string;
  readonly count: number;
  readonly total: number;
  readonly entryIds: readonly string[];
  readonly entryHashes: Buffer;
  readonly previousHash: Buffer;
}
/** The hash of a seal covers its entries by their hashes, their order and number, and the seal before it. */
export function sealHash(seal: Seal): Buffer {
  const { no, at, count, total, entryIds, entryHashes, previousHash } = seal;
  return sha256(
    canonical({
      no,
      at,
      count,
      total,
      entries: sha256(`${entryIds.join()} ${entryHashes.toString('hex')}`).toString('hex'),
      previous: previousHash.toString('hex'),
    }),
  );
}
export const sealText = (hash: Buffer): string => `seal ${hash.toString('hex')}`;
export const headText = (seal: number, total: number, hash: Buffer): string =>
  `head ${seal} ${total} ${hash.toString('hex')}`;
