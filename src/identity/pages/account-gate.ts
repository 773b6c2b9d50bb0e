import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Config } from '#libs/config/config.js';
import { html } from '#libs/http/html.js';
import { BrowserSession, type SignedIn } from '#libs/oidc/browser-session.js';
import { paths } from '#libs/oidc/paths.js';
import { Pages, type Gate, type PageRoutes } from '#libs/pages/pages.js';
import { SignedValues } from '#libs/pages/signed-values.js';
import type { Visit } from '#libs/pages/visit.js';
import { Accounts, type Account } from '#src/identity/accounts.js';
import { accountClient } from '#src/identity/clients/first-party-clients.js';

export interface OpenAccount {
  readonly account: Account;
  readonly session: SignedIn;
}
const minutes = 10;
const ownPath = /^\/account(\/[a-z-]+)*$/;

/** The way to the pages of an account: its owner is signed in in this browser, and has shown it again for what is sensitive. */
@Injectable()
export class AccountGate {
  constructor(
    private readonly pages: Pages,
    private readonly browserSession: BrowserSession,
    private readonly accounts: Accounts,
    private readonly signed: SignedValues,
    private readonly config: Config,
  ) {
    pages.open.get(accountClient.redirectPath, (visit) => this.signedIn(visit));
  }
  /** Pages of the account. */
  get own(): PageRoutes<OpenAccount> {
    return this.pages.behind((visit) => this.open(visit));
  }
  /** Pages that change how one signs in; `from` is where to go on after who it is was shown again. */
  sensitive(from: string): PageRoutes<OpenAccount> {
    const gate: Gate<OpenAccount> = async (visit) => {
      const through = await this.open(visit);
      if (!through || this.isConfirmed(visit, through.opened)) return through;
      visit.redirect(`/account/confirm?next=${encodeURIComponent(from)}`);
      return undefined;
    };
    return this.pages.behind(gate);
  }
  /** It was just shown that it is the owner. */
  confirm(visit: Visit, { account, session }: OpenAccount): void {
    const value = this.signed.sign(`confirmed in ${session.uid}`, account.id, minutes * 60);
    visit.cookies.set('confirmed', value, { path: '/account', seconds: minutes * 60 });
  }
  /** Where the page came from that asked for it; never anywhere else than to pages of the account. */
  nextOf(visit: Visit): string {
    const next = visit.query('next');
    return ownPath.test(next) ? next : '/account';
  }
  private isConfirmed(visit: Visit, { account, session }: OpenAccount): boolean {
    // A provider may answer for whoever sits at the browser without asking them: that alone shows nothing.
    const isShownHere = session.amr.some((method) => method !== 'fed');
    if (isShownHere && session.since > Date.now() / 1000 - minutes * 60) return true;
    const value = visit.cookies.get('confirmed', { path: '/account' });
    return this.signed.open(`confirmed in ${session.uid}`, value) === account.id;
  }
  private async open(visit: Visit): Promise<{ opened: OpenAccount; boundTo: string } | undefined> {
    const session = await this.browserSession.accountOf(visit.request, visit.reply);
    const account = session && (await this.accounts.find(session.accountId));
    if (!session || !account || account.isSuspended) return this.signIn(visit);
    visit.request.requestContext.principal = `user:${account.id}`;
    visit.fallBackTo(account.locale);
    return { opened: { account, session }, boundTo: account.id };
  }
  private signIn(visit: Visit): undefined {
    const query = new URLSearchParams({
      client_id: accountClient.id,
      redirect_uri: this.config.http.publicUrl + accountClient.redirectPath,
      response_type: 'code',
      scope: 'openid',
      state: visit.path,
      // The hash of nothing: all that is wanted is the browser's session, and nobody can redeem the code.
      code_challenge: randomBytes(32).toString('base64url'),
      code_challenge_method: 'S256',
      ui_locales: visit.locale,
    });
    visit.redirect(`${paths.authorization}?${query.toString()}`);
    return undefined;
  }
  private async signedIn(visit: Visit): Promise<FastifyReply> {
    const state = visit.query('state');
    if (visit.query('error') === '') return visit.redirect(ownPath.test(state) ? state : '/account');
    return visit.show({
      title: visit.text('identity.account.title'),
      body: html`<div class="card">
        <p>${visit.text('identity.account.not-signed-in')}</p>
        <p><a href="/account">${visit.text('identity.sign-in')}</a></p>
      </div>`,
    });
  }
}
