import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';

/** What an account can be asked for after its password. */
export interface SecondFactors {
  readonly totp: boolean;
  readonly passkeys: boolean;
}
const findStatement = {
  name: 'identity_second_factors',
  text: `select exists (select from totp_secrets where user_id = $1), exists (select from passkeys where user_id = $1)`,
};
const lockStatement = {
  name: 'identity_lock_second_factors',
  text: 'select from users where id = $1 for no key update',
};

@Injectable()
export class SecondFactorsOf {
  constructor(private readonly statements: Statements) {}

  async account(userId: string, em?: EntityManager): Promise<SecondFactors> {
    const [[totp, passkeys]] = (await this.statements.run(findStatement, [userId], em)) as [[boolean, boolean]];
    return { totp, passkeys };
  }
  /** Two changes at once must not both take themselves for the first factor. */
  async lock(em: EntityManager, userId: string): Promise<SecondFactors> {
    await this.statements.run(lockStatement, [userId], em);
    return this.account(userId, em);
  }
}
