import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AccessState } from '#libs/authn/access-state.js';
import { Database } from '#libs/database/database.js';
import { html } from '#libs/http/html.js';
import { paths } from '#libs/oidc/paths.js';
import { button, notice, problem } from '#libs/pages/fields.js';
import { Pages } from '#libs/pages/pages.js';
import type { Visit } from '#libs/pages/visit.js';
import { Accounts } from '#src/identity/accounts.js';
import { PasswordChange } from '#src/identity/passwords/password-change.js';
import { passwordProblem, type PasswordProblem } from '#src/identity/passwords/password-rules.js';
import { Passwords } from '#src/identity/passwords/passwords.js';
import { Passkeys } from '#src/identity/second-factor/passkeys.js';
import { isDisplayName } from '#src/users/display-name.js';
import { AccountGate, type OpenAccount } from './account-gate.js';
import { AccountSections } from './account-sections.js';
import { currentPassword, fixedEmail, nameField, newPassword, refusalText } from './parts.js';
import { PasskeyForms } from './passkey-forms.js';
import { ProviderForms } from './provider-forms.js';
import { SignInDevices } from './sign-in-devices.js';

/** What can have been done on the page before. */
const notices = new Set([
  'name',
  'password',
  'totp',
  'passkey',
  'passkey-added',
  'session',
  'provider-added',
  'provider-removed',
]);
const challengeOf = ({ account, session }: OpenAccount) => `confirm ${account.id} ${session.uid}`;

/** The account's own page: name, password, and the sections of others. */
@Injectable()
export class AccountPages {
  constructor(
    private readonly gate: AccountGate,
    private readonly sections: AccountSections,
    private readonly database: Database,
    private readonly access: AccessState,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly change: PasswordChange,
    private readonly passkeys: Passkeys,
    private readonly devices: SignInDevices,
    private readonly passkeyForms: PasskeyForms,
    private readonly providerForms: ProviderForms,
    pages: Pages,
  ) {
    const { own } = gate;
    own.get('/account', (visit, open) => this.show(visit, open));
    own.get('/account/name', (visit, { account }) => this.showName(visit, account.displayName));
    own.post('/account/name', (visit, open) => this.rename(visit, open));
    own.get('/account/confirm', (visit, open) => this.showConfirm(visit, open));
    own.post('/account/confirm', (visit, open) => this.confirm(visit, open));
    own.get('/account/confirm/passkey', (visit) => visit.redirect('/account/confirm'));
    own.post('/account/confirm/passkey', (visit, open) => this.confirmByPasskey(visit, open));
    own.post('/account/confirm/passkey/options', async (visit, open) =>
      visit.data(await this.passkeys.authenticationOptions(challengeOf(open), open.account.id)),
    );
    // Password managers look there (W3C, A Well-Known URL for Changing Passwords).
    pages.open.get('/.well-known/change-password', ({ reply }) => reply.redirect('/account/password', 302));
    const sensitive = gate.sensitive('/account/password');
    sensitive.get('/account/password', (visit, open) => this.showPassword(visit, open));
    sensitive.post('/account/password', (visit, open) => this.changePassword(visit, open));
    sections.add({ id: 'profile', order: 10, title: 'identity.account.profile', show: (v, o) => this.profile(v, o) });
    sections.add({ id: 'password', order: 20, title: 'identity.password', show: (v, o) => this.password(v, o) });
  }
  private async show(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const done = visit.query('done');
    return visit.show({
      title: visit.text('identity.account.title'),
      wide: true,
      body: html`${notices.has(done) && notice(visit.text(`identity.account.done-${done}`))}
        ${await this.sections.show(visit, open)}
        <p><a href="${paths.endSession}">${visit.text('identity.account.sign-out')}</a></p>`,
    });
  }
  private profile(visit: Visit, { account }: OpenAccount) {
    const verified = account.isEmailVerified ? 'identity.account.verified' : 'identity.account.unverified';
    return html`<p><bdi>${account.displayName}</bdi></p>
      <p><bdi>${account.email}</bdi> <span class="quiet-text">(${visit.text(verified)})</span></p>
      <p><a href="/account/name">${visit.text('identity.account.change-name')}</a></p>`;
  }
  private async password(visit: Visit, { account }: OpenAccount) {
    const has = await this.passwords.has(account.id);
    return html`<p>${visit.text(has ? 'identity.account.password-text' : 'identity.account.no-password')}</p>
      <p><a href="/account/password">${visit.text('identity.account.change-password')}</a></p>`;
  }
  private showName(visit: Visit, value: string, error?: string): FastifyReply {
    return visit.show({
      status: error ? 422 : 200,
      title: visit.text('identity.account.change-name'),
      body: html`${visit.formTo(
        '/account/name',
        html`${nameField(visit, value, error, true)} ${button(visit.text('identity.account.save'))}`,
      )}
      ${backToAccount(visit)}`,
    });
  }
  private async rename(visit: Visit, { account }: OpenAccount): Promise<FastifyReply> {
    const name = visit.form.line('name').replace(/\s+/g, ' ');
    if (!isDisplayName(name)) return this.showName(visit, name, visit.text('identity.name-invalid'));
    await this.database.transaction((em) => this.accounts.rename(em, account.id, name));
    await this.access.refresh();
    return visit.redirect('/account?done=name');
  }
  private showPassword(visit: Visit, { account }: OpenAccount, wrong?: PasswordProblem): FastifyReply {
    return visit.show({
      status: wrong ? 422 : 200,
      title: visit.text('identity.account.change-password'),
      body: html`${visit.formTo(
        '/account/password',
        html`<p>${visit.text('identity.account.change-password-intro')}</p>
          ${fixedEmail(visit, account.email)} ${newPassword(visit, wrong, true)}
          ${button(visit.text('identity.account.save'))}`,
      )}
      ${backToAccount(visit)}`,
    });
  }
  private async changePassword(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const { account, session } = open;
    const password = visit.form.get('new-password');
    const wrong = passwordProblem(password, [account.email, account.displayName]);
    if (wrong) return this.showPassword(visit, open, wrong);
    const hash = await this.passwords.hash(password);
    await this.database.transaction((em) => this.change.to(em, account.id, hash, session.uid));
    await this.change.afterwards();
    this.devices.mark(visit, account.email);
    return visit.redirect('/account?done=password');
  }
  private async showConfirm(visit: Visit, open: OpenAccount, wrong?: string, status = 200): Promise<FastifyReply> {
    const next = this.gate.nextOf(visit);
    const query = `?next=${encodeURIComponent(next)}`;
    const { id } = open.account;
    const [has, passkeys, providers] = await Promise.all([
      this.passwords.has(id),
      this.passkeys.of(id),
      this.providerForms.toConfirm(visit, id, query),
    ]);
    const isAny = has || passkeys.length > 0 || providers.length > 0;
    return visit.show({
      status,
      title: visit.text('identity.confirm-it.title'),
      scripts: this.passkeyForms.scripts,
      body: html`${!isAny && problem(visit.text('identity.confirm-it.no-way'))}
      ${
        has &&
        visit.formTo(
          `/account/confirm${query}`,
          html`${wrong && problem(wrong)}
            <p>${visit.text('identity.confirm-it.intro')}</p>
            ${fixedEmail(visit, open.account.email)} ${currentPassword(visit, { autofocus: true })}
            ${button(visit.text('identity.second-factor.submit'))}`,
        )
      }
      ${
        passkeys.length > 0 &&
        this.passkeyForms.form(visit, {
          ceremony: 'authenticate',
          action: '/account/confirm/passkey',
          query,
          button: visit.text('identity.second-factor.passkey'),
          failed: visit.text('identity.sign-in.passkey-failed'),
        })
      }
      ${providers} ${backToAccount(visit)}`,
    });
  }
  private async confirm(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const { account } = open;
    const attempt = await this.devices.spend(visit, 'signIn', account.email);
    if (attempt.refusal) return this.showConfirm(visit, open, refusalText(visit, attempt.refusal), 429);
    if (!(await this.passwords.isPasswordOf(account.id, visit.form.get('password'))))
      return this.showConfirm(visit, open, visit.text('identity.confirm-it.wrong'), 422);
    await this.devices.succeed(attempt);
    this.gate.confirm(visit, open);
    return visit.redirect(this.gate.nextOf(visit));
  }
  private async confirmByPasskey(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const use = await this.passkeys.authenticate(visit.form.get('answer'), challengeOf(open));
    if (use?.userId !== open.account.id)
      return this.showConfirm(visit, open, visit.text('identity.sign-in.passkey-failed'), 422);
    this.gate.confirm(visit, open);
    return visit.redirect(this.gate.nextOf(visit));
  }
}
export const backToAccount = (visit: Visit) =>
  html`<p><a href="/account">${visit.text('identity.account.back')}</a></p>`;
