import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import { Database } from '#libs/database/database.js';
import { negotiateLocale, type Locale } from '#libs/messages/messages.js';
import { Sessions } from '#libs/oidc/sessions.js';
import { Accounts, type Account } from '#src/identity/accounts.js';
import { SecurityNotices } from '#src/identity/security-notices.js';
import { SecondFactorsOf } from '#src/identity/second-factor/second-factors.js';
import { LastWayIn, WaysIn } from '#src/identity/ways-in.js';
import { nameOf, vouchedEmail } from './claims.js';
import { Identities, type LinkedIdentity } from './identities.js';
import type { SignInProvider, Vouched } from './sign-in-provider.js';
import { SignInProviders } from './sign-in-providers.js';

/** A link that is made when the sign-in is done: not before whoever signs in has shown the account's second factor, too. */
export interface PendingLink {
  readonly subject: string;
  /** The verified address by which the account was found. */
  readonly email: string;
}
/** Why somebody is not signed in although the provider vouches for them; each is a text of the pages. */
export type Refusal =
  /** The provider has not verified the address. */
  | 'unverified'
  /** The account of the address has not. */
  | 'unconfirmed'
  /** The account is linked to somebody else at this provider: addresses are given to others. */
  | 'other-subject'
  | 'no-account'
  | 'closed';
export type Arrival =
  { readonly account: Account; readonly link?: PendingLink } | { readonly refusal: Refusal; readonly userId?: string };

const uniqueViolation = '23505';

/** Which account somebody has who signs in with a provider, and the links of accounts to providers. */
@Injectable()
export class ProviderAccounts {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly identities: Identities,
    private readonly providers: SignInProviders,
    private readonly ways: WaysIn,
    private readonly factors: SecondFactorsOf,
    private readonly sessions: Sessions,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
  ) {}

  /** `locale`: of an account that is made, where the provider names no language of ours. */
  async arrive(provider: SignInProvider, vouched: Vouched, locale: Locale): Promise<Arrival> {
    try {
      return await this.arriveOnce(provider, vouched, locale);
    } catch (error) {
      if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
      // Somebody was faster with the same address or subject: now there is an account.
      return this.arriveOnce(provider, vouched, locale);
    }
  }
  private async arriveOnce({ settings }: SignInProvider, vouched: Vouched, locale: Locale): Promise<Arrival> {
    const { issuer } = settings;
    const { subject, claims } = vouched;
    const found = await this.identities.find(issuer, subject);
    if (found) {
      const account = await this.accounts.find(found.userId);
      return account ? { account } : { refusal: 'closed', userId: found.userId };
    }
    const email = this.verifiedEmail(claims);
    if (email === undefined) return { refusal: 'unverified' };
    const account = await this.accounts.findByEmail(email);
    if (account) {
      const refusal = await this.mismatch(account, issuer, email);
      // Made a moment ago by the same person, who came twice at once.
      if (refusal === 'other-subject' && (await this.identities.find(issuer, subject))?.userId === account.id)
        return { account };
      return refusal ? { refusal, userId: account.id } : { account, link: { subject, email } };
    }
    if (!settings.createAccounts) return { refusal: 'no-account' };
    return { account: await this.make(issuer, vouched, email, locale) };
  }
  /** The address that the provider has verified. */
  protected verifiedEmail(claims: Vouched['claims']): string | undefined {
    return vouchedEmail(claims);
  }
  /** Why an account that has the address is not taken for the one of whom the provider vouches for. */
  private async mismatch(
    account: Account,
    issuer: string,
    email: string,
    em?: EntityManager,
  ): Promise<Refusal | undefined> {
    // Whoever made it may not have been the owner of the address, and would still have a way in.
    if (!account.isEmailVerified || account.email !== email) return 'unconfirmed';
    const linked = await this.identities.of(account.id, em);
    return linked.some((identity) => identity.issuer === issuer) ? 'other-subject' : undefined;
  }
  private async make(issuer: string, { subject, claims }: Vouched, email: string, locale: Locale): Promise<Account> {
    const language = negotiateLocale(typeof claims.locale === 'string' ? claims.locale : undefined, locale);
    const id = await this.database.transaction(async (em) => {
      const user = await this.accounts.make(em, email, nameOf(claims, email), language);
      this.record(em, 'user.register', user.id);
      this.record(em, 'email.confirm', user.id);
      await this.identities.link(em, user.id, issuer, subject);
      return user.id;
    });
    return (await this.accounts.find(id))!;
  }
  /** The account was found by its address, and whoever signs in has shown all it asks for. False when that no longer holds. */
  complete(provider: SignInProvider, userId: string, { subject, email }: PendingLink): Promise<boolean> {
    const { issuer } = provider.settings;
    return this.linking(
      provider,
      userId,
      subject,
      async (account, em) => !(await this.mismatch(account, issuer, email, em)),
    );
  }
  /** Somebody who is signed in and has just shown it again. False when the identity is another account's. */
  link(provider: SignInProvider, userId: string, subject: string): Promise<boolean> {
    return this.linking(provider, userId, subject, () => Promise.resolve(true));
  }
  /** Of many that link one identity at once, one does, and it is nobody's but that account's. */
  private async linking(
    { settings: { issuer, name } }: SignInProvider,
    userId: string,
    subject: string,
    mayLink: (account: Account, em: EntityManager) => Promise<boolean>,
  ): Promise<boolean> {
    try {
      return await this.database.transaction(async (em) => {
        const account = await this.locked(em, userId);
        if (!account) return false;
        const found = await this.identities.find(issuer, subject, em);
        if (found) return found.userId === userId;
        if (!(await mayLink(account, em))) return false;
        await this.identities.link(em, userId, issuer, subject);
        await this.notices.providersChanged(em, account, name);
        return true;
      });
    } catch (error) {
      if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
      return (await this.identities.find(issuer, subject))?.userId === userId;
    }
  }
  /** Whether it is an identity of this account. */
  async isLinked({ settings: { issuer } }: SignInProvider, userId: string, subject: string): Promise<boolean> {
    return (await this.identities.find(issuer, subject))?.userId === userId;
  }
  of(userId: string): Promise<LinkedIdentity[]> {
    return this.identities.of(userId);
  }
  /**
   * Parts the account from one of its identities and ends all that it is signed in to elsewhere: nobody knows which of it
   * came by that way. False when it is the last way in, or there is no such link.
   */
  async unlink(userId: string, id: string, browserUid: string): Promise<boolean> {
    try {
      const isDone = await this.database.transaction((em) => this.part(em, userId, id, browserUid));
      if (isDone) await this.sessions.afterwards();
      return isDone;
    } catch (error) {
      if (error instanceof LastWayIn) return false;
      throw error;
    }
  }
  private async part(em: EntityManager, userId: string, id: string, browserUid: string): Promise<boolean> {
    const account = await this.locked(em, userId);
    const parting = (await this.identities.of(userId, em)).find((identity) => identity.id === id);
    if (!account || !parting) return false;
    await this.identities.unlink(em, userId, id);
    if (this.ways.isProvider(parting.issuer)) await this.ways.requireOne(em, userId);
    await this.sessions.endAll(em, userId, 'ENDED_BY_USER', { browserUid });
    await this.notices.providersChanged(em, account, this.nameOf(parting));
    return true;
  }
  /** What people know the issuer of an identity as. */
  nameOf({ issuer }: Pick<LinkedIdentity, 'issuer'>): string {
    return this.providers.ofIssuer(issuer)?.settings.name ?? new URL(issuer).host;
  }
  private async locked(em: EntityManager, userId: string): Promise<Account | undefined> {
    await this.factors.lock(em, userId);
    return this.accounts.find(userId, em);
  }
  private record(em: EntityManager, action: string, id: string): void {
    this.audit.record(em, { action, subject: 'User', subjectId: id, personId: id, actor: `user:${id}` });
  }
}
