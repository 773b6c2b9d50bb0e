import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Mails } from '#libs/mail/mails.js';
import { negotiateLocale } from '#libs/messages/messages.js';
import { Accounts } from '#src/identity/accounts.js';
import { MailedLinks } from '#src/identity/links/mailed-links.js';
import { mails } from '#src/identity/mails.js';
import { Passwords } from './passwords.js';

/** A new password ends what the old one opened, and its owner hears of it. */
@Injectable()
export class PasswordChange {
  constructor(
    private readonly passwords: Passwords,
    private readonly accounts: Accounts,
    private readonly links: MailedLinks,
    private readonly mails: Mails,
  ) {}

  async to(em: EntityManager, userId: string, hash: string): Promise<void> {
    await this.passwords.set(em, userId, hash);
    await this.links.revoke(em, userId);
    const account = await this.accounts.find(userId, em);
    if (!account) return;
    await this.mails.send(em, {
      to: account.email,
      template: mails.passwordChanged,
      locale: negotiateLocale(account.locale),
      params: { name: account.displayName, path: '/forgotten-password' },
    });
  }
}
