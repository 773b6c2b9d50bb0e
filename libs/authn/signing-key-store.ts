import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { SealedColumn } from '#libs/secrets/reseal.js';
import type { Secrets } from '#libs/secrets/secrets.js';

/** Published before it signs, signing, published because what it signed is still around. */
export type KeyState = 'next' | 'active' | 'old';
export interface SigningKey {
  readonly kid: string;
  readonly state: KeyState;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}
/** Runs one statement; rows are arrays. */
export type Query = (text: string, values: readonly unknown[]) => Promise<unknown[][]>;

/** A new key is published for so long before it signs: whoever keeps our key set for less knows it in time. */
const publishedBefore = '24 hours';
const signsFor = '30 days';
/** An ID token may serve as a hint for so long (OpenID Connect Core §3.1.2.1), and its key has to be known. */
const publishedAfter = '30 days';
const purpose = 'signing key';
export const sealedSigningKeys: SealedColumn = {
  table: 'signing_keys',
  id: 'kid',
  idType: 'text',
  sealed: 'private_jwk',
  purpose,
};
/** Of two that write at once one gets the number, the other writes nothing. */
const nextGeneration = '(select coalesce(max(generation), 0) + 1 from signing_keys)';

// States follow from times by the clock of the database, so that no instance has to take a step for the others.
const keys = `
  select kid, public_jwk, private_jwk, signs_from, lead(signs_from) over (order by signs_from, kid) as replaced_at
    from signing_keys`;
const selectKeys = `
  select kid, public_jwk, private_jwk,
         case when signs_from > now() then 'next' when replaced_at is null or replaced_at > now() then 'active' else 'old' end
    from (${keys}) k
   where replaced_at is null or replaced_at > now() - interval '${publishedAfter}'
   order by signs_from > now(), signs_from desc, kid desc`;
// Who began before another made a key may see that key all the same: by the clock it signs already, by `now()` not yet.
const isDue = `(not exists (select from signing_keys where signs_from <= clock_timestamp())
  or not exists (select from signing_keys
                  where signs_from > now() - interval '${signsFor}' + interval '${publishedBefore}'))`;
/** Nothing to do is the usual answer. */
const selectDue = `
  select ${isDue},
         exists (select from (${keys}) k where replaced_at <= now() - interval '${publishedAfter}')`;

/** The table of keys that sign ID tokens and access tokens, ES256. */
export class SigningKeyStore {
  constructor(
    private readonly query: Query,
    private readonly secrets: Pick<Secrets, 'seal' | 'open'>,
  ) {}

  /** Those that are published, the one that signs first. */
  async read(): Promise<SigningKey[]> {
    const rows = (await this.query(selectKeys, [])) as [string, JWK, string, KeyState][];
    return rows.map(([kid, publicJwk, sealed, state]) => ({
      kid,
      state,
      publicJwk,
      privateJwk: JSON.parse(this.secrets.open(purpose, sealed, kid).toString()) as JWK,
    }));
  }
  /** Makes the first key, and the next one in time before the present one has signed for its 30 days. */
  async keepUp(): Promise<void> {
    const [[needed, over]] = (await this.query(selectDue, [])) as [[boolean, boolean]];
    if (needed)
      await this.query(
        `insert into signing_keys (generation, kid, public_jwk, private_jwk, signs_from)
         select ${nextGeneration}, $1, $2, $3,
                case when exists (select from signing_keys where signs_from <= clock_timestamp())
                     then now() + interval '${publishedBefore}' else now() end
          where ${isDue}
         on conflict do nothing`,
        await this.sealedKey(),
      );
    if (over)
      await this.query(
        `delete from signing_keys s using (${keys}) k
          where s.kid = k.kid and k.replaced_at <= now() - interval '${publishedAfter}'`,
        [],
      );
  }
  /**
   * A new key. `planned`: it signs after it has been published for a day, unless one waits for that already. `now`: it signs at once. `compromised`: the same,
   * and no other key counts any more, so that everything signed so far is refused. Returns its id and when it signs.
   */
  async rotate(how: 'planned' | 'now' | 'compromised'): Promise<{ kid: string; signsFrom: Date }> {
    for (;;) {
      const [made] = (await this.query(
        `with removed as (delete from signing_keys where $4 or ($5 and signs_from > now()))
         insert into signing_keys (generation, kid, public_jwk, private_jwk, signs_from)
         select ${nextGeneration}, $1, $2, $3,
                case when $5 then now() else now() + interval '${publishedBefore}' end
          where $5 or not exists (select from signing_keys where signs_from > now())
         on conflict do nothing
         returning kid, signs_from`,
        [...(await this.sealedKey()), how === 'compromised', how !== 'planned'],
      )) as [string, Date | string][];
      // Nothing was made when a key waits for its time already, or somebody else was a moment faster.
      const found = made ?? (how === 'planned' ? await this.waiting() : undefined);
      if (found) return { kid: found[0], signsFrom: new Date(found[1]) };
    }
  }
  /** Puts a key of the caller's into the table, which signs from now on. Does nothing when the key is there. */
  async add(kid: string, privateJwk: JWK): Promise<void> {
    await this.query(
      `insert into signing_keys (generation, kid, public_jwk, private_jwk, signs_from)
       select ${nextGeneration}, $1, $2, $3, now() on conflict do nothing`,
      this.sealed(kid, privateJwk),
    );
  }
  private async waiting() {
    const rows = await this.query('select kid, signs_from from signing_keys where signs_from > now() limit 1', []);
    return rows[0] as [string, Date | string] | undefined;
  }
  private async sealedKey() {
    const privateJwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as JWK;
    return this.sealed(await calculateJwkThumbprint(privateJwk), privateJwk);
  }
  private sealed(kid: string, privateJwk: JWK): [kid: string, publicJwk: string, privateJwk: string] {
    const about = { kid, alg: 'ES256', use: 'sig' };
    const publicJwk = createPublicKey(createPrivateKey({ key: privateJwk, format: 'jwk' }));
    return [
      kid,
      JSON.stringify({ ...publicJwk.export({ format: 'jwk' }), ...about }),
      this.secrets.seal(purpose, JSON.stringify({ ...privateJwk, ...about }), kid),
    ];
  }
}

export function opensSigningKey(secrets: Pick<Secrets, 'open'>, sealed: string, kid: string): boolean {
  try {
    secrets.open(purpose, sealed, kid);
    return true;
  } catch {
    return false;
  }
}
