import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Config } from '#libs/config/config.js';
import { Statements } from '#libs/database/statements.js';

const countStatement = {
  name: 'identity_ways_in',
  text: `select (select count(*) from passwords where user_id = $1)
              + (select count(*) from passkeys where user_id = $1)
              + (select count(*) from identities where user_id = $1 and issuer = any ($2) and deleted_at is null)`,
};

/** Thrown in the transaction that would have taken it: nothing of that is done. */
export class LastWayIn extends Error {
  override readonly name = 'LastWayIn';
}

/** What an account can begin a sign-in with: its password, passkeys, providers. An authenticator app opens nothing by itself. */
@Injectable()
export class WaysIn {
  private readonly issuers: readonly string[];

  constructor(
    config: Config,
    private readonly statements: Statements,
  ) {
    this.issuers = config.signInProviders.map(({ issuer }) => issuer);
  }
  isProvider(issuer: string): boolean {
    return this.issuers.includes(issuer);
  }
  /** After one was taken away, under the lock of the account's row: two at once must not both count on the other. */
  async requireOne(em: EntityManager, userId: string): Promise<void> {
    if ((await this.count(em, userId)) === 0) throw new LastWayIn();
  }
  private async count(em: EntityManager, userId: string): Promise<number> {
    const [[count]] = await this.statements.run(countStatement, [userId, this.issuers], em);
    return Number(count);
  }
}
