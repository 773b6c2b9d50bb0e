import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { isUuid } from '#libs/database/list.js';
import { Statements } from '#libs/database/statements.js';
import { AccountClaims, type Claims } from '#libs/oidc/account-claims.js';

const claimsStatement = {
  name: 'identity_claims',
  text: `select u.display_name, u.email, u.locale, u.time_zone, extract(epoch from u.updated_at)::bigint,
                exists (select from verified_emails v where v.user_id = u.id and v.email = u.email)
           from users u where u.id = $1 and u.deleted_at is null and u.status <> 'SUSPENDED'`,
};

/** Claims of the accounts in `users`; suspended ones may not sign in. */
@Injectable()
export class DatabaseAccountClaims extends AccountClaims {
  constructor(private readonly statements: Statements) {
    super();
  }
  async find(accountId: string, em?: EntityManager): Promise<Claims | undefined> {
    if (!isUuid(accountId)) return undefined;
    const [row] = await this.statements.run(claimsStatement, [accountId], em);
    if (!row) return undefined;
    const [name, email, locale, zoneinfo, updatedAt, isVerified] = row;
    return { name, email, email_verified: isVerified, locale, zoneinfo, updated_at: updatedAt };
  }
}
