import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Statements, type Row } from '#libs/database/statements.js';
import { hashOfToken } from '#src/identity/one-time-token.js';

export type LinkPurpose = 'REGISTRATION' | 'PASSWORD';
export interface MailedLink {
  readonly purpose: LinkPurpose;
  readonly email: string;
  /** Whose password it is for; null for a registration. */
  readonly userId: string | null;
  /** Display name of that account. */
  readonly displayName: string | null;
  /** The sign-in that it was asked for in, by its id. */
  readonly interaction: string | null;
}
/** What was sent, for the mail's text. */
export interface SentLink {
  readonly purpose: LinkPurpose;
  /** Of the account of the address, if there is one. */
  readonly userId: string | null;
  readonly token: string;
  readonly displayName: string | null;
  readonly locale: string | null;
  readonly expiresAt: Date;
}

/** An hour is enough to change a password; a registration may wait for the next morning. */
const hours = { PASSWORD: 1, REGISTRATION: 24 } as const;

// One statement, whether there is an account or not.
const insertStatement = {
  name: 'identity_insert_link',
  text: `
    with account as (select id, display_name, locale from users where email = $2 and deleted_at is null),
    link as (
      insert into mailed_links (token_hash, purpose, email, user_id, interaction, expires_at)
      select $1, case when a.id is null then 'REGISTRATION' else 'PASSWORD' end, $2, a.id, $3,
        now() + case when a.id is null then interval '${hours.REGISTRATION} hours' else interval '${hours.PASSWORD} hours' end
      from (select 1) one left join account a on true
      returning purpose, expires_at)
    select link.purpose, a.id::text, a.display_name, a.locale, link.expires_at from link left join account a on true`,
};
const columns = 'l.purpose, l.email, l.user_id::text, u.display_name, l.interaction';
// An address that somebody has registered meanwhile is not for registering again.
const usable = `l.token_hash = $1 and l.used_at is null and l.expires_at > now()
  and (l.purpose = 'PASSWORD') = exists (select from users t where t.email = l.email and t.deleted_at is null)`;
const findStatement = {
  name: 'identity_find_link',
  text: `select ${columns} from mailed_links l left join users u on u.id = l.user_id where ${usable}`,
};
const useStatement = {
  name: 'identity_use_link',
  text: `
    with l as (update mailed_links l set used_at = now() where ${usable} returning l.*)
    select ${columns} from l left join users u on u.id = l.user_id`,
};
const revokeStatement = {
  name: 'identity_revoke_links',
  text: 'update mailed_links set used_at = now() where user_id = $1 and used_at is null',
};
const purgeStatement = { text: `delete from mailed_links where expires_at < now() - interval '7 days'` };

/** Links in mails: good once, for a while, known to us by a hash only. */
@Injectable()
export class MailedLinks {
  constructor(private readonly statements: Statements) {}

  /** Makes a link for this address: to a new password where there is an account, to a registration where there is none. */
  async make(em: EntityManager, email: string, interaction: string | undefined): Promise<SentLink> {
    const token = randomBytes(32).toString('base64url');
    const values = [hashOfToken(token), email, interaction ?? null];
    const [[purpose, userId, displayName, locale, expiresAt]] = await this.statements.run(insertStatement, values, em);
    return { token, purpose, userId, displayName, locale, expiresAt: new Date(expiresAt as string) } as SentLink;
  }
  /** What the link is for, without using it: mail scanners open links, too. */
  async find(token: string): Promise<MailedLink | undefined> {
    return linkOf(await this.statements.run(findStatement, [hashOfToken(token)]));
  }
  /** The same for the one who uses it up. */
  async use(em: EntityManager, token: string): Promise<MailedLink | undefined> {
    return linkOf(await this.statements.run(useStatement, [hashOfToken(token)], em));
  }
  /** No link that was sent before leads to a new password any more. */
  async revoke(em: EntityManager, userId: string): Promise<void> {
    await this.statements.run(revokeStatement, [userId], em);
  }
  async purge(): Promise<void> {
    await this.statements.run(purgeStatement, []);
  }
}
function linkOf([row]: Row[]): MailedLink | undefined {
  if (!row) return undefined;
  const [purpose, email, userId, displayName, interaction] = row;
  return { purpose, email, userId, displayName, interaction } as MailedLink;
}
