import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import { Database } from '#libs/database/database.js';
import type { Account } from '#src/identity/accounts.js';
import { SecurityNotices, type FactorChange } from '#src/identity/security-notices.js';
import { LastWayIn, WaysIn } from '#src/identity/ways-in.js';
import { Passkeys } from './passkeys.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactorsOf } from './second-factors.js';
import { Totp } from './totp.js';

export interface FactorAdded {
  /** With the first factor: to be shown now, as nobody can later. */
  readonly recoveryCodes?: readonly string[];
}

/** What the audit trail and what the owner calls it. */
const changes = {
  'totp.enable': 'account.authenticator-added',
  'totp.disable': 'account.authenticator-removed',
  'passkey.add': 'account.passkey-added',
  'passkey.remove': 'account.passkey-removed',
  'recovery-codes.renew': 'account.recovery-codes-renewed',
} as const satisfies Record<string, FactorChange>;

/** Factors come and go with their recovery codes, and the owner hears of it. */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly notices: SecurityNotices,
    private readonly totp: Totp,
    private readonly passkeys: Passkeys,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly factors: SecondFactorsOf,
    private readonly ways: WaysIn,
  ) {}

  /** Undefined when the code is not one of the offered secret. */
  enableTotp(account: Account, sealed: string, code: string): Promise<FactorAdded | undefined> {
    return this.add(account, 'totp.enable', (em) => this.totp.enable(em, account.id, sealed, code));
  }
  /** Undefined when the browser's answer is not right. */
  addPasskey(account: Account, answer: string, boundTo: string, label: string): Promise<FactorAdded | undefined> {
    return this.add(account, 'passkey.add', (em) => this.passkeys.add(em, account.id, answer, boundTo, label));
  }
  removeTotp(account: Account): Promise<void> {
    return this.remove(account, 'totp.disable', (em) => this.totp.disable(em, account.id));
  }
  /** False when it is the account's last way in. */
  async removePasskey(account: Account, id: string): Promise<boolean> {
    try {
      await this.remove(account, 'passkey.remove', async (em) => {
        await this.passkeys.remove(em, account.id, id);
        await this.ways.requireOne(em, account.id);
      });
      return true;
    } catch (error) {
      if (error instanceof LastWayIn) return false;
      throw error;
    }
  }
  renewRecoveryCodes(account: Account): Promise<string[]> {
    return this.database.transaction(async (em) => {
      await this.tell(em, account, 'recovery-codes.renew');
      return this.recoveryCodes.make(em, account.id);
    });
  }
  private add(account: Account, action: keyof typeof changes, work: (em: EntityManager) => Promise<boolean>) {
    return this.database.transaction(async (em): Promise<FactorAdded | undefined> => {
      const { totp, passkeys } = await this.factors.lock(em, account.id);
      if (!(await work(em))) return undefined;
      await this.tell(em, account, action);
      return totp || passkeys ? {} : { recoveryCodes: await this.recoveryCodes.make(em, account.id) };
    });
  }
  private remove(
    account: Account,
    action: keyof typeof changes,
    work: (em: EntityManager) => Promise<unknown>,
  ): Promise<void> {
    return this.database.transaction(async (em) => {
      await this.factors.lock(em, account.id);
      await work(em);
      await this.tell(em, account, action);
      const { totp, passkeys } = await this.factors.account(account.id, em);
      // Without a factor nothing asks for them.
      if (!totp && !passkeys) await this.recoveryCodes.delete(em, account.id);
    });
  }
  private async tell(em: EntityManager, account: Account, action: keyof typeof changes): Promise<void> {
    const { id } = account;
    this.audit.record(em, { action, subject: 'User', subjectId: id, personId: id, actor: `user:${id}` });
    await this.notices.factorsChanged(em, account, changes[action]);
  }
}
