import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import { Sessions } from '#libs/oidc/sessions.js';
import { Accounts } from '#src/identity/accounts.js';
import { MailedLinks } from '#src/identity/links/mailed-links.js';
import { SecurityNotices } from '#src/identity/security-notices.js';
import { Passwords } from './passwords.js';

/** A new password ends what the old one opened, and its owner hears of it. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly passwords: Passwords,
    private readonly accounts: Accounts,
    private readonly links: MailedLinks,
    private readonly notices: SecurityNotices,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
  ) {}

  /** `browserUid`: of the browser's session that it is changed in, which goes on. */
  async to(em: EntityManager, userId: string, hash: string, browserUid?: string): Promise<void> {
    await this.passwords.set(em, userId, hash);
    await this.links.revoke(em, userId);
    await this.sessions.endAll(em, userId, 'PASSWORD_CHANGED', { browserUid });
    this.audit.record(em, {
      action: 'password.change',
      subject: 'User',
      subjectId: userId,
      personId: userId,
      actor: `user:${userId}`,
    });
    const account = await this.accounts.find(userId, em);
    if (account) await this.notices.passwordChanged(em, account);
  }
  /** After the transaction: what was ended is refused by this process at once. */
  afterwards(): Promise<void> {
    return this.sessions.afterwards();
  }
}
