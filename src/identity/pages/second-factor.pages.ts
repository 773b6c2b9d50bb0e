import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { html } from '#libs/http/html.js';
import type { Interaction } from '#libs/oidc/interactions.js';
import { button, field } from '#libs/pages/fields.js';
import type { Visit } from '#libs/pages/visit.js';
import type { Account } from '#src/identity/accounts.js';
import { Passkeys } from '#src/identity/second-factor/passkeys.js';
import { RecoveryCodes } from '#src/identity/second-factor/recovery-codes.js';
import { SecondFactorsOf } from '#src/identity/second-factor/second-factors.js';
import { Totp } from '#src/identity/second-factor/totp.js';
import { SignInTrail } from '#src/identity/sign-in-trail.js';
import { refusalText } from './parts.js';
import { PasskeyForms } from './passkey-forms.js';
import { SignInDevices } from './sign-in-devices.js';
import { SignInFlow, type Halfway } from './sign-in-flow.js';
import { signInPath } from './sign-in-progress.js';
import { amrOf } from './sign-in.pages.js';

const challengeOf = (uid: string, { id }: Account) => `second factor ${uid} ${id}`;

/** After the password: a code of an app, a recovery code, or a passkey. */
@Injectable()
export class SecondFactorPages {
  constructor(
    private readonly flow: SignInFlow,
    private readonly factors: SecondFactorsOf,
    private readonly totp: Totp,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly passkeys: Passkeys,
    private readonly devices: SignInDevices,
    private readonly trail: SignInTrail,
    private readonly passkeyForms: PasskeyForms,
  ) {
    const path = `${signInPath(':uid')}/second-factor`;
    const login = flow.during('login');
    login.get(
      path,
      this.halfway((...args) => this.show(...args)),
    );
    login.post(
      path,
      this.halfway((...args) => this.byCode(...args)),
    );
    login.get(`${path}/passkey`, (visit, { uid }) => visit.redirect(`${signInPath(uid)}/second-factor`));
    login.post(
      `${path}/passkey`,
      this.halfway((...args) => this.byPasskey(...args)),
    );
    login.post(
      `${path}/passkey/options`,
      this.halfway(async (visit, { uid }, { account }) =>
        visit.data(await this.passkeys.authenticationOptions(challengeOf(uid, account), account.id)),
      ),
    );
  }
  /** Only for who has shown the password in this sign-in; everybody else begins again. */
  private halfway(work: (visit: Visit, interaction: Interaction, halfway: Halfway) => Promise<FastifyReply>) {
    return async (visit: Visit, interaction: Interaction): Promise<FastifyReply> => {
      const halfway = await this.flow.accountInProgress(visit, interaction.uid);
      return halfway ? work(visit, interaction, halfway) : visit.redirect(signInPath(interaction.uid));
    };
  }
  private async byCode(visit: Visit, interaction: Interaction, halfway: Halfway): Promise<FastifyReply> {
    const { account, amr, provider } = halfway;
    const attempt = await this.devices.spend(visit, 'secondFactor', account.email);
    if (attempt.refusal) {
      this.trail.limit('second-factor.refuse', account.email);
      return this.show(visit, interaction, halfway, refusalText(visit, attempt.refusal), 429);
    }
    const code = visit.form.line('code');
    const isOfApp = await this.totp.spend(account.id, code);
    if (!isOfApp && !(await this.recoveryCodes.use(account.id, code))) {
      this.trail.fail('second-factor.fail', account.id);
      return this.show(visit, interaction, halfway, visit.text('identity.second-factor.wrong'), 422);
    }
    if (!isOfApp) await this.trail.useRecoveryCode(account);
    await this.devices.succeed(attempt);
    return this.flow.proceed(visit, interaction, account, [...amr, 'otp', 'mfa'], provider);
  }
  private async byPasskey(visit: Visit, interaction: Interaction, halfway: Halfway): Promise<FastifyReply> {
    const { account, amr, provider } = halfway;
    const use = await this.passkeys.authenticate(visit.form.get('answer'), challengeOf(interaction.uid, account));
    if (use?.userId !== account.id) {
      this.trail.fail('second-factor.fail', account.id);
      return this.show(visit, interaction, halfway, visit.text('identity.sign-in.passkey-failed'), 422);
    }
    return this.flow.proceed(visit, interaction, account, [...amr, ...amrOf(use)], provider);
  }
  private async show(
    visit: Visit,
    { uid }: Interaction,
    { account }: Halfway,
    error?: string,
    status = 200,
  ): Promise<FastifyReply> {
    const path = `${signInPath(uid)}/second-factor`;
    const { totp, passkeys } = await this.factors.account(account.id);
    return visit.show({
      status,
      title: visit.text('identity.second-factor.title'),
      scripts: this.passkeyForms.scripts,
      body: html`${
          passkeys &&
          this.passkeyForms.form(visit, {
            ceremony: 'authenticate',
            action: `${path}/passkey`,
            kind: 'main',
            button: visit.text('identity.second-factor.passkey'),
            failed: visit.text('identity.sign-in.passkey-failed'),
          })
        }
        ${visit.formTo(
          path,
          html`${field({
            name: 'code',
            label: visit.text('identity.second-factor.code'),
            autocomplete: 'one-time-code',
            hint: visit.text(totp ? 'identity.second-factor.app-hint' : 'identity.second-factor.recovery-hint'),
            error,
            autofocus: true,
            maxLength: 40,
          })}
          ${button(visit.text('identity.second-factor.submit'))}`,
        )}
        <p><a href="${signInPath(uid)}">${visit.text('identity.second-factor.other')}</a></p>`,
    });
  }
}
