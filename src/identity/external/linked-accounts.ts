import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import { ExternalAccounts, type ExternalIdentity, type ExternalLink } from '#libs/authn/external/external-accounts.js';
import { Database } from '#libs/database/database.js';
import { Statements } from '#libs/database/statements.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { negotiateLocale } from '#libs/messages/messages.js';
import { adminRole } from '#src/access/role.entity.js';
import { Accounts } from '#src/identity/accounts.js';
import { nameOf, vouchedEmail } from './claims.js';
import { Identities, type Identity } from './identities.js';

const uniqueViolation = '23505';

/** Accounts by the identities that they are linked to. */
@Injectable()
export class LinkedAccounts extends ExternalAccounts {
  readonly reservedRoles = [adminRole];
  private readonly identities: Identities;
  private readonly accounts: Accounts;

  constructor(
    statements: Statements,
    audit: Audit,
    private readonly database: Database,
  ) {
    super();
    // Authentication comes before every module that has accounts.
    this.identities = new Identities(statements, audit);
    this.accounts = new Accounts(statements);
  }
  async linkOf(identity: ExternalIdentity): Promise<ExternalLink> {
    const { issuer, subject, mayCreate } = identity;
    const found = await this.identities.find(issuer, subject);
    if (!found && !mayCreate) throw new AppError(commonErrors.IDENTITY_NOT_LINKED);
    const { id, userId } = found ?? (await this.make(identity));
    return { id, accountId: userId };
  }
  /** Of requests that come at once, one makes the account and all get it. */
  private async make({ issuer, subject, claims }: ExternalIdentity): Promise<Identity> {
    const email = vouchedEmail(claims);
    if (email === undefined) throw new AppError(commonErrors.IDENTITY_EMAIL_UNVERIFIED);
    const locale = negotiateLocale(typeof claims.locale === 'string' ? claims.locale : undefined);
    try {
      return await this.database.transaction(async (em) => {
        // Whoever has the address now may not have asked for it: their own mail confirms it, and nothing that comes by a token.
        const user = await this.accounts.makeUnconfirmed(em, email, nameOf(claims, email), locale);
        return this.identities.link(em, user.id, issuer, subject);
      });
    } catch (error) {
      if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
      const made = await this.identities.find(issuer, subject);
      // The address is somebody's who has not said that this is them.
      if (!made) throw new AppError(commonErrors.IDENTITY_EMAIL_TAKEN);
      return made;
    }
  }
}
