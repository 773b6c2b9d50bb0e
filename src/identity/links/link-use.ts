import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Audit } from '#libs/audit/audit.js';
import { Database } from '#libs/database/database.js';
import { Accounts } from '#src/identity/accounts.js';
import { Identities } from '#src/identity/external/identities.js';
import { PasswordChange } from '#src/identity/passwords/password-change.js';
import { Passwords } from '#src/identity/passwords/passwords.js';
import { WaysIn } from '#src/identity/ways-in.js';
import { MailedLinks } from './mailed-links.js';

export interface Choice {
  readonly password: string;
  /** Of the account that is made. */
  readonly name: string;
  readonly locale: string;
}
const uniqueViolation = '23505';

/** What the owner of an address does with a link from the mail. */
@Injectable()
export class LinkUse {
  constructor(
    private readonly database: Database,
    private readonly links: MailedLinks,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly change: PasswordChange,
    private readonly identities: Identities,
    private readonly ways: WaysIn,
    private readonly audit: Audit,
  ) {}

  /** Uses the link up: makes the account, or gives it a new password. The account's id; undefined when somebody was faster. */
  async choosePassword(token: string, choice: Choice): Promise<string | undefined> {
    const hash = await this.passwords.hash(choice.password);
    try {
      const userId = await this.database.transaction((em) => this.inTransaction(em, token, choice, hash));
      if (userId) await this.change.afterwards();
      return userId;
    } catch (error) {
      const { code, constraint } = error as { code?: unknown; constraint?: unknown };
      if (code === uniqueViolation && constraint === 'users_email') return undefined;
      throw error;
    }
  }
  private async inTransaction(em: EntityManager, token: string, { name, locale }: Choice, hash: string) {
    const link = await this.links.use(em, token);
    if (!link) return undefined;
    if (link.userId === null) {
      const user = await this.accounts.make(em, link.email, name, locale);
      await this.passwords.set(em, user.id, hash);
      this.record(em, 'user.register', user.id);
      this.record(em, 'email.confirm', user.id);
      return user.id;
    }
    await this.dropPrepared(em, link.userId);
    // Whoever opened the link reads the mail of this address.
    await this.accounts.markVerified(em, link.userId, link.email);
    await this.change.to(em, link.userId, hash);
    this.record(em, 'password-reset.use', link.userId);
    this.record(em, 'email.confirm', link.userId);
    return link.userId;
  }
  /**
   * The owner of the address comes for the first time. Whoever made the account before may have been somebody else, and the
   * tokens of an issuer would go on opening it; providers are not such a way, since they answer for addresses (decision 21).
   */
  private async dropPrepared(em: EntityManager, userId: string): Promise<void> {
    const account = await this.accounts.find(userId, em);
    if (!account || account.isEmailVerified) return;
    for (const { id, issuer } of await this.identities.of(userId, em))
      if (!this.ways.isProvider(issuer)) await this.identities.unlink(em, userId, id);
  }
  private record(em: EntityManager, action: string, id: string): void {
    this.audit.record(em, { action, subject: 'User', subjectId: id, personId: id, actor: `user:${id}` });
  }
}
