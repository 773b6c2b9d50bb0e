import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database/database.js';
import { Statements, type Row } from '#libs/database/statements.js';

/** Ids of the provider are what a bearer shows: the table holds only this. */
export const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** The transaction that the request at hand is in, if it is in one. */
const transactions = new AsyncLocalStorage<EntityManager>();

export interface StoredState {
  readonly id: string;
  readonly payload: Record<string, unknown>;
  /** Seconds since 1970. */
  readonly consumedAt?: number;
}
/** Somebody's browser that is signed in. */
export interface Browser {
  readonly uid: string;
  /** What was begun in it. */
  readonly grantIds: readonly string[];
}
/** A refresh token as it stands before it is used. */
export interface FamilyMember {
  readonly clientId: string;
  readonly isConsumed: boolean;
  /** So short ago that the client may not have got the answer. */
  readonly isFresh: boolean;
  readonly isSuccessorUnused: boolean;
  readonly successor?: string;
}

const insert = `insert into issuer_state (model, id, payload, grant_id, uid, account_id, expires_at)
  values ($1, $2, $3::jsonb, $4, $5, $6, now() + make_interval(secs => $7::double precision)) on conflict (model, id)`;
const replaceStatement = {
  name: 'issuer_state_replace',
  text: `${insert} do update set payload = excluded.payload, expires_at = excluded.expires_at,
           grant_id = excluded.grant_id, uid = excluded.uid, account_id = excluded.account_id`,
};
// Two tabs that write the same session would each undo what the other has added: the provider writes it whole. What is
// to go away goes with a new id.
const mergeStatement = {
  name: 'issuer_state_merge',
  text: `${insert} do update set expires_at = excluded.expires_at, uid = excluded.uid, account_id = excluded.account_id,
           payload = excluded.payload ||
             case when issuer_state.account_id is not distinct from excluded.account_id
                   and jsonb_typeof(issuer_state.payload -> 'authorizations') = 'object'
                  then jsonb_build_object('authorizations', (issuer_state.payload -> 'authorizations')
                         || coalesce(excluded.payload -> 'authorizations', '{}'::jsonb))
                  else '{}'::jsonb end`,
};
const columns = 'id, payload, extract(epoch from consumed_at)::bigint';
const findStatement = {
  name: 'issuer_state_find',
  text: `select ${columns} from issuer_state where model = $1 and id = $2 and expires_at > now()`,
};
const findByUidStatement = {
  name: 'issuer_state_find_uid',
  text: `select ${columns} from issuer_state where model = $1 and uid = $2 and expires_at > now()`,
};
const consumeStatement = {
  name: 'issuer_state_consume',
  text: 'update issuer_state set consumed_at = now() where model = $1 and id = $2 and consumed_at is null returning 1',
};
const deleteStatement = {
  name: 'issuer_state_delete',
  text: 'delete from issuer_state where model = $1 and id = $2',
};
const deleteOfGrantStatement = {
  name: 'issuer_state_delete_grant',
  text: 'delete from issuer_state where model = $1 and grant_id = $2',
};
const deleteGrantsStatement = {
  name: 'issuer_state_delete_grants',
  // A sign-in under way goes on when the grant that it began with is gone: whoever signs in in somebody else's place needs it.
  text: `with parts as (delete from issuer_state where grant_id = any ($1::text[]) and model <> 'Interaction')
         delete from issuer_state where model = 'Grant' and id = any ($2::text[])`,
};
const grantsIn = `array(select a.value ->> 'grantId' from jsonb_each(case jsonb_typeof(s.payload -> 'authorizations')
  when 'object' then s.payload -> 'authorizations' else '{}' end) a where a.value ? 'grantId')`;
const browsersStatement = {
  name: 'issuer_state_browsers',
  text: `select s.uid, ${grantsIn} from issuer_state s
          where s.model = 'Session' and s.account_id = $1 and (s.uid = $2 or $3 = any (${grantsIn}))`,
};
const deleteBrowserOfStatement = {
  name: 'issuer_state_delete_browser_of',
  text: `with gone as (delete from issuer_state s where s.model = 'Session' and s.account_id = $1 and $2 = any (${grantsIn})
                       returning ${grantsIn} as grants)
         select distinct t.grant_id from gone join issuer_state t on t.grant_id = any (gone.grants)
          where t.payload -> 'expiresWithSession' = 'true'`,
};
// What came of a grant is worth nothing without it. A sign-in whose last step is still to be taken holds its account in
// what came of it.
const deleteOfAccountStatement = {
  name: 'issuer_state_delete_account',
  text: `with half as (delete from issuer_state
                        where model = 'Interaction' and payload #>> '{result,login,accountId}' = $1)
         delete from issuer_state
          where account_id = $1
            and (model = 'Grant' and id <> all ($2::text[]) or model = 'Session' and uid <> all ($3::text[]))`,
};
const grantStatement = {
  name: 'issuer_state_grant',
  text: 'select grant_id from issuer_state where model = $1 and id = $2',
};
const lockGrantStatement = {
  name: 'issuer_state_lock_grant',
  text: `select 1 from issuer_state where model = 'Grant' and id = $1 for update`,
};
const memberStatement = {
  name: 'issuer_state_member',
  text: `select t.payload ->> 'clientId', t.consumed_at is not null,
                coalesce(t.consumed_at > now() - make_interval(secs => $3::double precision), false),
                s.id is not null and s.consumed_at is null, t.successor
           from issuer_state t left join issuer_state s on s.model = t.model and s.id = t.successor_id
          where t.model = $1 and t.id = $2`,
};
const succeedStatement = {
  name: 'issuer_state_succeed',
  text: 'update issuer_state set successor = $3, successor_id = $4 where model = $1 and id = $2',
};
const prolongStatement = {
  name: 'issuer_state_prolong',
  text: `update issuer_state
            set expires_at = now() + make_interval(secs => $2::double precision),
                payload = jsonb_set(payload, '{exp}', to_jsonb(floor(extract(epoch from now()) + $2)::bigint))
          where model = 'Session' and uid = $1 and expires_at < now() + make_interval(secs => $2::double precision * 0.9)`,
};
// In small parts, and past rows that another instance is purging.
const purgeStatement = {
  text: `delete from issuer_state where (model, id) in (
           select model, id from issuer_state where expires_at < now() limit 5000 for update skip locked) returning 1`,
};

/** The table `issuer_state`, in the transaction of the request where there is one. */
@Injectable()
export class IssuerState {
  constructor(
    private readonly statements: Statements,
    private readonly database: Database,
  ) {}

  /** The transaction of the request at hand. Whoever reads within it without it holds two connections at once. */
  get em(): EntityManager | undefined {
    return transactions.getStore();
  }
  /** Everything that `work` asks of this class happens in one transaction. It runs once: what it does to a request stays. */
  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction((em) => transactions.run(em, () => work(em)), { attempts: 1 });
  }
  /** In the transaction that is open, or one of its own. */
  within<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    const em = transactions.getStore();
    return em ? work(em) : this.transaction(work);
  }
  async replace(model: string, id: string, payload: Record<string, unknown>, seconds: number): Promise<void> {
    await this.write(replaceStatement, model, id, payload, seconds);
  }
  async merge(model: string, id: string, payload: Record<string, unknown>, seconds: number): Promise<void> {
    await this.write(mergeStatement, model, id, payload, seconds);
  }
  async find(model: string, id: string): Promise<StoredState | undefined> {
    return stored(await this.run(findStatement, [model, hashOf(id)]));
  }
  async findByUid(model: string, uid: string): Promise<StoredState | undefined> {
    return stored(await this.run(findByUidStatement, [model, uid]));
  }
  /** Whether it was this call that consumed it. */
  async consume(model: string, id: string): Promise<boolean> {
    return (await this.run(consumeStatement, [model, hashOf(id)])).length > 0;
  }
  async remove(model: string, id: string): Promise<void> {
    await this.run(deleteStatement, [model, hashOf(id)]);
  }
  async removeOfGrant(model: string, grantId: string): Promise<void> {
    await this.run(deleteOfGrantStatement, [model, grantId]);
  }
  /** The grants and all that came of them. */
  async removeGrants(grantIds: readonly string[], em: EntityManager): Promise<void> {
    await this.statements.run(deleteGrantsStatement, [grantIds, grantIds.map(hashOf)], em);
  }
  /** The browser with this uid, or in which this session was begun. */
  async browsers(
    accountId: string,
    { browserUid, session }: { readonly browserUid?: string; readonly session?: string },
    em?: EntityManager,
  ): Promise<Browser[]> {
    if (browserUid === undefined && session === undefined) return [];
    const rows = await this.statements.run(browsersStatement, [accountId, browserUid ?? null, session ?? null], em);
    return (rows as [string, string[]][]).map(([uid, grantIds]) => ({ uid, grantIds }));
  }
  /** The browser in which this grant was begun has to sign in again. Returns the grants that end with that. */
  async removeBrowserOf(accountId: string, grantId: string, em: EntityManager): Promise<string[]> {
    return (await this.statements.run(deleteBrowserOfStatement, [accountId, grantId], em)).map(([id]) => id as string);
  }
  /** What lets it go on: its grants, and the sessions of its browsers. */
  async removeOfAccount(
    accountId: string,
    except: { readonly grantIds: readonly string[]; readonly browserUids: readonly string[] },
    em: EntityManager,
  ): Promise<void> {
    const values = [accountId, except.grantIds.map(hashOf), except.browserUids];
    await this.statements.run(deleteOfAccountStatement, values, em);
  }
  async grantOf(model: string, id: string): Promise<string | undefined> {
    const [row] = await this.run(grantStatement, [model, hashOf(id)]);
    return (row?.[0] as string | null) ?? undefined;
  }
  /** Until the end of the transaction nobody else gets past this for the same grant. */
  async lockGrant(grantId: string): Promise<void> {
    await this.run(lockGrantStatement, [hashOf(grantId)]);
  }
  async member(model: string, id: string, freshFor: number): Promise<FamilyMember | undefined> {
    const [row] = (await this.run(memberStatement, [model, hashOf(id), freshFor])) as [
      [string, boolean, boolean, boolean, string | null]?,
    ];
    if (!row) return undefined;
    const [clientId, isConsumed, isFresh, isSuccessorUnused, successor] = row;
    return { clientId, isConsumed, isFresh, isSuccessorUnused, ...(successor !== null && { successor }) };
  }
  async succeed(model: string, id: string, sealed: string, successor: string): Promise<void> {
    await this.run(succeedStatement, [model, hashOf(id), sealed, hashOf(successor)]);
  }
  /** The browser session goes on for so many seconds from now. */
  async prolong(sessionUid: string, seconds: number): Promise<void> {
    await this.run(prolongStatement, [sessionUid, seconds]);
  }
  /** Deletes what has expired; returns how much it was. */
  async purge(): Promise<number> {
    let purged = 0;
    for (;;) {
      const { length } = await this.statements.run(purgeStatement, []);
      purged += length;
      if (length === 0) return purged;
    }
  }
  private write(
    statement: { name: string; text: string },
    model: string,
    id: string,
    payload: Record<string, unknown>,
    seconds: number,
  ): Promise<Row[]> {
    const { grantId = null, uid = null, accountId = null } = payload;
    return this.run(statement, [model, hashOf(id), JSON.stringify(payload), grantId, uid, accountId, seconds]);
  }
  private run(statement: { name: string; text: string }, values: readonly unknown[]): Promise<Row[]> {
    return this.statements.run(statement, values, transactions.getStore());
  }
}
function stored([row]: Row[]): StoredState | undefined {
  if (!row) return undefined;
  const [id, payload, consumedAt] = row as [string, Record<string, unknown>, number | null];
  return { id, payload, ...(consumedAt !== null && { consumedAt }) };
}
