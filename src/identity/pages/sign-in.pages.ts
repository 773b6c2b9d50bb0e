import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { html } from '#libs/http/html.js';
import { Interactions, type Interaction } from '#libs/oidc/interactions.js';
import { button, problem } from '#libs/pages/fields.js';
import type { Visit } from '#libs/pages/visit.js';
import { Accounts, emailOf } from '#src/identity/accounts.js';
import { Passwords } from '#src/identity/passwords/passwords.js';
import { Passkeys } from '#src/identity/second-factor/passkeys.js';
import { SignInTrail } from '#src/identity/sign-in-trail.js';
import { ConsentPages } from './consent.pages.js';
import { currentPassword, emailField, refusalText } from './parts.js';
import { PasskeyForms } from './passkey-forms.js';
import { ProviderForms } from './provider-forms.js';
import { SignInDevices } from './sign-in-devices.js';
import { expectedEmail, SignInFlow } from './sign-in-flow.js';
import { signInPath } from './sign-in-progress.js';

interface Wrong {
  readonly status: number;
  readonly text: string;
}
const challengeOf = (uid: string) => `sign-in ${uid}`;

/** Who are you: by address and password, or by passkey. */
@Injectable()
export class SignInPages {
  constructor(
    private readonly flow: SignInFlow,
    private readonly interactions: Interactions,
    private readonly consent: ConsentPages,
    private readonly accounts: Accounts,
    private readonly passwords: Passwords,
    private readonly passkeys: Passkeys,
    private readonly devices: SignInDevices,
    private readonly trail: SignInTrail,
    private readonly passkeyForms: PasskeyForms,
    private readonly providerForms: ProviderForms,
  ) {
    const path = signInPath(':uid');
    flow.during().get(path, (visit, interaction) => this.open(visit, interaction));
    flow.during().post(`${path}/cancel`, (visit) => this.interactions.abort(visit.request, visit.reply));
    const login = flow.during('login');
    login.post(path, (visit, interaction) => this.signIn(visit, interaction));
    login.post(`${path}/continue`, (visit, interaction) => this.goOn(visit, interaction));
    login.get(`${path}/continue`, (visit, { uid }) => visit.redirect(signInPath(uid)));
    login.post(`${path}/passkey/options`, async (visit, { uid }) =>
      visit.data(await this.passkeys.authenticationOptions(challengeOf(uid))),
    );
    login.get(`${path}/passkey`, (visit, { uid }) => visit.redirect(signInPath(uid)));
    login.post(`${path}/passkey`, (visit, interaction) => this.byPasskey(visit, interaction));
  }
  private async open(visit: Visit, interaction: Interaction): Promise<FastifyReply> {
    if (interaction.prompt === 'consent') return this.consent.show(visit, interaction);
    const fromLink = this.flow.fromLink(visit, interaction.uid);
    if (fromLink) return this.showGoOn(visit, interaction, fromLink.after ?? 'account');
    this.flow.forget(visit, interaction.uid);
    return this.show(visit, interaction, await this.expected(interaction));
  }
  /**
   * A form of its own: that of the mailed link's page may lead to us only, as it does not know the app (CSP `form-action`).
   */
  private showGoOn(visit: Visit, interaction: Interaction, after: 'account' | 'password'): FastifyReply {
    return visit.show({
      title: visit.text(`identity.done.${after}`),
      body: visit.formTo(
        `${signInPath(interaction.uid)}/continue`,
        html`<p>${visit.text('identity.done.go-on', { client: interaction.client.name })}</p>
          ${button(visit.text('identity.continue.submit'))}`,
      ),
    });
  }
  private async goOn(visit: Visit, interaction: Interaction): Promise<FastifyReply> {
    const account = await this.flow.accountFromLink(visit, interaction.uid);
    if (!account) return visit.redirect(signInPath(interaction.uid));
    return this.flow.proceed(visit, interaction, account, ['pwd']);
  }
  private async signIn(visit: Visit, interaction: Interaction): Promise<FastifyReply> {
    const email = emailOf(visit.form.get('email'));
    const attempt = await this.devices.spend(visit, 'signIn', email);
    if (attempt.refusal) {
      this.trail.limit('sign-in.refuse', email);
      const wrong = { status: 429, text: refusalText(visit, attempt.refusal) };
      return this.show(visit, interaction, email, wrong);
    }
    const { account, userId } = await this.passwords.tryFor(email, visit.form.get('password'));
    if (!account) {
      this.trail.fail('sign-in.fail', userId);
      return this.show(visit, interaction, email, { status: 422, text: visit.text('identity.sign-in.wrong') });
    }
    await this.devices.succeed(attempt);
    return this.flow.proceed(visit, interaction, account, ['pwd']);
  }
  private async byPasskey(visit: Visit, interaction: Interaction): Promise<FastifyReply> {
    const use = await this.passkeys.authenticate(visit.form.get('answer'), challengeOf(interaction.uid));
    const account = use && (await this.accounts.find(use.userId));
    if (!account) {
      const wrong = { status: 422, text: visit.text('identity.sign-in.passkey-failed') };
      return this.show(visit, interaction, '', wrong);
    }
    return this.flow.proceed(visit, interaction, account, amrOf(use));
  }
  /** Whom the client or the session expects, to be typed by nobody. */
  private async expected(interaction: Interaction): Promise<string> {
    const { accountId } = interaction;
    const hinted = expectedEmail(interaction);
    if (hinted !== undefined) return hinted;
    return (accountId === undefined ? undefined : await this.accounts.find(accountId))?.email ?? '';
  }
  private show(visit: Visit, interaction: Interaction, email: string, wrong?: Wrong): FastifyReply {
    const path = signInPath(interaction.uid);
    return visit.show({
      status: wrong?.status,
      title: visit.text('identity.sign-in.title'),
      scripts: this.passkeyForms.scripts,
      body: html`<p class="lead">${visit.text('identity.sign-in.to', { client: interaction.client.name })}</p>
        ${visit.formTo(
          path,
          html`${wrong && problem(wrong.text)}
          ${emailField(visit, { value: email, autocomplete: 'username webauthn', autofocus: email === '' })}
          ${currentPassword(visit, { autofocus: email !== '' })} ${button(visit.text('identity.sign-in'))}`,
        )}
        ${this.passkeyForms.form(visit, {
          ceremony: 'authenticate',
          action: `${path}/passkey`,
          button: visit.text('identity.sign-in.passkey'),
          failed: visit.text('identity.sign-in.passkey-failed'),
        })}
        ${this.providerForms.inSignIn(visit, interaction.uid)}
        <ul class="links">
          <li><a href="${path}/forgotten-password">${visit.text('identity.sign-in.forgotten')}</a></li>
          <li><a href="${path}/register">${visit.text('identity.sign-in.register')}</a></li>
        </ul>
        ${cancelForm(visit, interaction)}`,
    });
  }
}
/** A passkey asks for a finger or a PIN, so it is two factors at once (RFC 8176). */
export const amrOf = ({ isHardware }: { isHardware: boolean }): string[] => [isHardware ? 'hwk' : 'swk', 'user', 'mfa'];

export const cancelForm = (visit: Visit, { uid }: Interaction) =>
  visit.formTo(`${signInPath(uid)}/cancel`, button(visit.text('identity.sign-in.cancel'), undefined, 'quiet'));
