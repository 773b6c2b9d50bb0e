import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '#libs/config/config.js';

const ALGORITHM = 'aes-256-gcm';
const ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Characters that the id of the key alone decides. */
const MARK_LENGTH = 5;

/**
 * Encrypts what must not lie open in the database, under the keys of the configuration. A purpose has a key of its own
 * (HKDF, RFC 5869), so that a text sealed for one cannot be passed off as another.
 */
@Injectable()
export class Secrets {
  private readonly keys: readonly { readonly id: Buffer; readonly key: Buffer }[];

  constructor(config: Pick<Config, 'encryptionKeys'>) {
    this.keys = config.encryptionKeys.map((key) => ({
      id: createHash('sha256').update(key).digest().subarray(0, ID_BYTES),
      key,
    }));
  }
  /** Key id, nonce, tag and text of AES-256-GCM, in base64url. `bound` has to be given again to open it: the row's id. */
  seal(purpose: string, text: string | Buffer, bound = ''): string {
    const { id, key } = this.keys[0];
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, derived(key, purpose), iv).setAAD(Buffer.from(bound));
    const body = Buffer.concat([cipher.update(text), cipher.final()]);
    return Buffer.concat([id, iv, cipher.getAuthTag(), body]).toString('base64url');
  }
  /** What was sealed; throws when it was changed, bound to something else, or sealed with a key that is not there. */
  open(purpose: string, sealed: string, bound = ''): Buffer {
    const all = Buffer.from(sealed, 'base64url');
    const id = all.subarray(0, ID_BYTES);
    const found = this.keys.find((k) => k.id.equals(id));
    if (!found) throw new Error('It was sealed with a key that ENCRYPTION_KEYS does not hold.');
    const iv = all.subarray(ID_BYTES, ID_BYTES + IV_BYTES);
    const tag = all.subarray(ID_BYTES + IV_BYTES, ID_BYTES + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, derived(found.key, purpose), iv, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(bound))
      .setAuthTag(tag);
    const body = all.subarray(ID_BYTES + IV_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }
  /** What each text begins with that is sealed today, and with one of the keys: to find others in a table. */
  get mark(): string {
    return this.marks[0];
  }
  get marks(): readonly string[] {
    return this.keys.map(({ id }) => id.toString('base64url').slice(0, MARK_LENGTH));
  }
  /** 32 bytes for a purpose that seals nothing (cookies, MACs), one for each key: the first one signs, all verify. */
  derive(purpose: string): Buffer[] {
    return this.keys.map(({ key }) => derived(key, purpose));
  }
}
const derived = (key: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
