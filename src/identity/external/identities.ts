import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '#libs/audit/audit.js';
import { Statements } from '#libs/database/statements.js';

/** An account that is known elsewhere as `subject` of `issuer`. */
export interface Identity {
  readonly id: string;
  readonly userId: string;
}
/** As its account sees it. */
export interface LinkedIdentity {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly since: Date;
}
const findStatement = {
  name: 'identity_find',
  text: `select id::text, user_id::text from identities where issuer = $1 and subject = $2 and deleted_at is null`,
};
const ofStatement = {
  name: 'identities_of_user',
  text: `select id::text, issuer, subject, created_at from identities
          where user_id = $1 and deleted_at is null order by created_at, id`,
};
const linkStatement = {
  name: 'identity_link',
  text: `insert into identities (id, user_id, issuer, subject) values ($1, $2, $3, $4)`,
};
const unlinkStatement = {
  name: 'identity_unlink',
  text: `update identities set deleted_at = now() where id = $1 and user_id = $2 and deleted_at is null
         returning issuer, subject`,
};
// Long after every instance has read that it is over.
const purgeStatement = { text: `delete from identities where deleted_at < now() - interval '1 day'` };

/** Which accounts other issuers vouch for: by their access tokens, or when somebody signs in there. */
@Injectable()
export class Identities {
  constructor(
    private readonly statements: Statements,
    private readonly audit: Audit,
  ) {}

  async find(issuer: string, subject: string, em?: EntityManager): Promise<Identity | undefined> {
    const [row] = (await this.statements.run(findStatement, [issuer, subject], em)) as [string, string][];
    return row && { id: row[0], userId: row[1] };
  }
  /** All of an account, the oldest first. */
  async of(userId: string, em?: EntityManager): Promise<LinkedIdentity[]> {
    const rows = await this.statements.run(ofStatement, [userId], em);
    return (rows as [string, string, string, string | Date][]).map(([id, issuer, subject, since]) => ({
      id,
      issuer,
      subject,
      since: new Date(since),
    }));
  }
  /** Throws when the identity is linked already, to whomever (`identities_subject`). */
  async link(em: EntityManager, userId: string, issuer: string, subject: string): Promise<Identity> {
    const id = uuidv7();
    await this.statements.run(linkStatement, [id, userId, issuer, subject], em);
    this.tell(em, 'identity.link', userId, { after: { issuer, identity: subject } });
    return { id, userId };
  }
  /** Tokens of the identity are refused within two seconds. False when the account has no such link. */
  async unlink(em: EntityManager, userId: string, id: string): Promise<boolean> {
    const [row] = (await this.statements.run(unlinkStatement, [id, userId], em)) as [string, string][];
    if (!row) return false;
    this.tell(em, 'identity.unlink', userId, { before: { issuer: row[0], identity: row[1] } });
    return true;
  }
  async purge(): Promise<void> {
    await this.statements.run(purgeStatement, []);
  }
  private tell(em: EntityManager, action: string, userId: string, values: { before?: object; after?: object }): void {
    this.audit.record(em, {
      action,
      subject: 'User',
      subjectId: userId,
      personId: userId,
      actor: `user:${userId}`,
      personal: ['identity'],
      ...(values as { before?: Record<string, unknown>; after?: Record<string, unknown> }),
    });
  }
}
