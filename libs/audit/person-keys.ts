import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';
import type { SealedColumn } from '#libs/secrets/reseal.js';
import { Secrets } from '#libs/secrets/secrets.js';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const purpose = 'person key';

export const sealedPersonKeys: SealedColumn = {
  table: 'person_keys',
  id: 'person_id',
  idType: 'uuid',
  sealed: 'sealed_key',
  purpose,
};

/** Whose keys are at hand. */
export type Keys = ReadonlyMap<string, Buffer>;

const findStatement = {
  name: 'person_keys_find',
  text: 'select person_id::text, sealed_key from person_keys where person_id = any($1::uuid[])',
};
// In the order of ids, so that two transactions that make keys of the same people wait for each other instead of for ever.
const provideStatement = {
  name: 'person_keys_provide',
  text: `
    with made as (
      insert into person_keys (person_id, sealed_key)
      select person_id, sealed_key from unnest($1::uuid[], $2::text[]) as n (person_id, sealed_key)
      where not exists (select from person_keys k where k.person_id = n.person_id)
      order by person_id
      on conflict do nothing returning person_id, sealed_key)
    select person_id::text, sealed_key from made
    union all select person_id::text, sealed_key from person_keys where person_id = any($1::uuid[])`,
};
const destroyStatement = {
  name: 'person_keys_destroy',
  text: `insert into person_keys (person_id, destroyed_at) values ($1, now())
         on conflict (person_id) do update set sealed_key = null, destroyed_at = now()
         where person_keys.destroyed_at is null returning true`,
};

/**
 * A key for each person, sealed by the keys of the configuration. What is encrypted with it is gone for everybody once the
 * key is destroyed, also where the rows themselves must stay as they are. Nobody gets a second key.
 */
@Injectable()
export class PersonKeys {
  constructor(
    private readonly statements: Statements,
    private readonly secrets: Secrets,
  ) {}

  /** The keys of these people; those that were destroyed or never made are missing. */
  async find(people: readonly string[], em?: EntityManager): Promise<Keys> {
    if (people.length === 0) return new Map();
    return this.opened(await this.statements.run(findStatement, [people], em));
  }
  /** The same, made where there was none. Only keys that were destroyed are missing. */
  async provide(people: readonly string[], em: EntityManager): Promise<Keys> {
    const wanted = [...new Set(people)].sort();
    if (wanted.length === 0) return new Map();
    const fresh = wanted.map((id) => this.secrets.seal(purpose, randomBytes(KEY_BYTES), id));
    const rows = await this.statements.run(provideStatement, [wanted, fresh], em);
    // Made by somebody else while this statement waited for them, which is later than what it sees.
    const missed = wanted.filter((id) => !rows.some(([found]) => found === id));
    const more = missed.length > 0 ? await this.statements.run(findStatement, [missed], em) : [];
    return this.opened([...rows, ...more]);
  }
  /** Destroys the key of a person for good. False when it was destroyed before. */
  async destroy(em: EntityManager, personId: string): Promise<boolean> {
    return (await this.statements.run(destroyStatement, [personId], em)).length > 0;
  }
  private opened(rows: readonly unknown[][]): Keys {
    const keys = new Map<string, Buffer>();
    for (const [id, sealed] of rows as [string, string | null][])
      if (sealed !== null) keys.set(id, this.secrets.open(purpose, sealed, id));
    return keys;
  }
}

/** Nonce, tag and text, in base64url. `bound` has to be given again to open it. */
export function sealUnder(key: Buffer, text: string, bound: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(bound));
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}
/** What was sealed, or undefined when it is not what `sealUnder` made with this key for this. */
export function openUnder(key: Buffer, sealed: string, bound: string): string | undefined {
  try {
    const all = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv(ALGORITHM, key, all.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(bound))
      .setAuthTag(all.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(all.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}
