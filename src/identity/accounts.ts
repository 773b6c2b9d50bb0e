import { Injectable } from '@nestjs/common';
import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Statements, type Row } from '#libs/database/statements.js';
import { User } from '#src/users/user.entity.js';

/** What the pages know of an account. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly locale: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly isSuspended: boolean;
  readonly isEmailVerified: boolean;
}
const columns = `u.id::text, u.email, u.display_name, u.locale, u.time_zone, u.status = 'SUSPENDED',
  exists (select from verified_emails v where v.user_id = u.id and v.email = u.email)`;
const byIdStatement = {
  name: 'identity_account',
  text: `select ${columns} from users u where u.id = $1 and u.deleted_at is null`,
};
const byEmailStatement = {
  name: 'identity_account_by_email',
  text: `select ${columns} from users u where u.email = $1 and u.deleted_at is null`,
};
const verifyStatement = {
  name: 'identity_verify_email',
  text: `insert into verified_emails (user_id, email, awaits_first_sign_in) values ($1, $2, $3)
         on conflict (user_id) do update set email = excluded.email, verified_at = now()`,
};
export const accountColumns = columns;
export function accountOf([id, email, displayName, locale, timeZone, isSuspended, isEmailVerified]: Row): Account {
  return { id, email, displayName, locale, timeZone, isSuspended, isEmailVerified } as Account;
}

/** Accounts as the pages see and make them. */
@Injectable()
export class Accounts {
  constructor(private readonly statements: Statements) {}

  async find(id: string, em?: EntityManager): Promise<Account | undefined> {
    const [row] = await this.statements.run(byIdStatement, [id], em);
    return row && accountOf(row);
  }
  /** `email` as `emailOf` gives it. */
  async findByEmail(email: string): Promise<Account | undefined> {
    const [row] = await this.statements.run(byEmailStatement, [email]);
    return row && accountOf(row);
  }
  /** A customer, whose mail to this address was just read. */
  async make(em: EntityManager, email: string, displayName: string, locale: string): Promise<User> {
    const user = await this.makeUnconfirmed(em, email, displayName, locale);
    await this.statements.run(verifyStatement, [user.id, email, true], em);
    return user;
  }
  /** A customer of whose address we know no more than what somebody else says. */
  async makeUnconfirmed(em: EntityManager, email: string, displayName: string, locale: string): Promise<User> {
    const user = new User();
    Object.assign(user, { email, displayName, locale });
    em.persist(user);
    await em.flush();
    return user;
  }
  /** The name as others see it. */
  async rename(em: EntityManager, id: string, displayName: string): Promise<void> {
    const user = await em.findOneOrFail(User, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    user.updateProfile({ displayName });
    await em.flush();
  }
  async markVerified(em: EntityManager, userId: string, email: string): Promise<void> {
    await this.statements.run(verifyStatement, [userId, email, false], em);
  }
}

/** As it is stored and compared. Of what its owner has typed: `vouchedEmail` for what others say. */
export const emailOf = (typed: string): string => typed.trim().normalize('NFC').toLowerCase();

const email =
  /^[^\s@<>()[\],;:"\\\p{Cc}\p{Cf}\uFFFD]{1,64}@[^\s@.\p{Cc}\p{Cf}\uFFFD]+(\.[^\s@.\p{Cc}\p{Cf}\uFFFD]+)+$/u;
/**
 * Whether mail could be sent to it: one mailbox, a host with a dot, nothing that a header or an SMTP command would read, and
 * nothing that cannot be seen.
 */
export const isEmail = (text: string): boolean => text.length <= 254 && email.test(text);
