import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';
import { accountColumns, accountOf, type Account } from '#src/identity/accounts.js';
import { PasswordHashes } from './password-hashes.js';
import { isTooLongToTry } from './password-rules.js';

const byEmailStatement = {
  name: 'identity_password_by_email',
  text: `select ${accountColumns}, p.hash from users u left join passwords p on p.user_id = u.id
         where u.email = $1 and u.deleted_at is null`,
};
const byIdStatement = { name: 'identity_password', text: 'select hash from passwords where user_id = $1' };
const setStatement = {
  name: 'identity_set_password',
  text: `insert into passwords (user_id, hash) values ($1, $2)
         on conflict (user_id) do update set hash = excluded.hash, changed_at = now()`,
};
// Not when it was changed meanwhile.
const rehashStatement = {
  name: 'identity_rehash_password',
  text: 'update passwords set hash = $3 where user_id = $1 and hash = $2',
};

/** A password that was tried for an address: whose that is, if anybody's, and the account if the password is right. */
export interface TriedPassword {
  readonly userId?: string;
  readonly account?: Account;
}

/** Passwords of accounts. */
@Injectable()
export class Passwords {
  constructor(
    private readonly statements: Statements,
    private readonly hashes: PasswordHashes,
  ) {}

  /** The account of this address if that is its password. */
  async accountFor(email: string, password: string): Promise<Account | undefined> {
    return (await this.tryFor(email, password)).account;
  }
  /** Whether there is an account of this address costs the same statements and hashes. */
  async tryFor(email: string, password: string): Promise<TriedPassword> {
    const [row] = await this.statements.run(byEmailStatement, [email]);
    const userId = row?.[0] as string | undefined;
    if (isTooLongToTry(password)) return { userId };
    const stored = (row?.at(-1) as string | null | undefined) ?? undefined;
    if (!(await this.hashes.isPasswordOf(stored, password))) return { userId };
    await this.renew(userId!, stored!, password);
    return { userId, account: accountOf(row) };
  }
  async isPasswordOf(userId: string, password: string): Promise<boolean> {
    const [row] = await this.statements.run(byIdStatement, [userId]);
    if (isTooLongToTry(password)) return false;
    return this.hashes.isPasswordOf(row?.[0] as string | undefined, password);
  }
  async has(userId: string): Promise<boolean> {
    return (await this.statements.run(byIdStatement, [userId])).length > 0;
  }
  /** For `set`, which runs in a transaction: none should wait for a hash. */
  hash(password: string): Promise<string> {
    return this.hashes.hash(password);
  }
  async set(em: EntityManager, userId: string, hash: string): Promise<void> {
    await this.statements.run(setStatement, [userId, hash], em);
  }
  private async renew(userId: string, stored: string, password: string): Promise<void> {
    if (!this.hashes.isOutdated(stored)) return;
    await this.statements.run(rehashStatement, [userId, stored, await this.hashes.hash(password)]);
  }
}
