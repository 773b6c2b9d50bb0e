import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Html, html } from '#libs/http/html.js';
import { isUuid } from '#libs/database/list.js';
import { button, field, notice, problem } from '#libs/pages/fields.js';
import { Pages } from '#libs/pages/pages.js';
import type { Visit } from '#libs/pages/visit.js';
import { FactorChanges, type FactorAdded } from '#src/identity/second-factor/factor-changes.js';
import { Passkeys } from '#src/identity/second-factor/passkeys.js';
import { RecoveryCodes } from '#src/identity/second-factor/recovery-codes.js';
import { SecondFactorsOf } from '#src/identity/second-factor/second-factors.js';
import { Totp } from '#src/identity/second-factor/totp.js';
import { AccountGate, type OpenAccount } from './account-gate.js';
import { AccountSections } from './account-sections.js';
import { backToAccount } from './account.pages.js';
import { PasskeyForms } from './passkey-forms.js';

const totpPath = '/account/authenticator';
const passkeysPath = '/account/passkeys';
const codesPath = '/account/recovery-codes';
const maxLabel = 60;
interface Wrong {
  readonly status: number;
  readonly text: string;
}
const challengeOf = ({ account, session }: OpenAccount) => `add ${account.id} ${session.uid}`;

/** Authenticator app, passkeys and recovery codes on the account page. */
@Injectable()
export class AccountFactorPages {
  constructor(
    private readonly pages: Pages,
    gate: AccountGate,
    sections: AccountSections,
    private readonly changes: FactorChanges,
    private readonly factors: SecondFactorsOf,
    private readonly totp: Totp,
    private readonly passkeys: Passkeys,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly passkeyForms: PasskeyForms,
  ) {
    const app = gate.sensitive(totpPath);
    app.get(totpPath, (visit, open) => this.showTotp(visit, open));
    app.post(totpPath, (visit, open) => this.enableTotp(visit, open));
    app.post(`${totpPath}/remove`, (visit, open) => this.removeTotp(visit, open));
    const keys = gate.sensitive(passkeysPath);
    keys.get(passkeysPath, (visit, open) => this.showPasskeys(visit, open));
    keys.post(passkeysPath, (visit, open) => this.addPasskey(visit, open));
    keys.post(`${passkeysPath}/options`, async (visit, open) =>
      visit.data(await this.passkeys.registrationOptions(open.account, this.pages.service, challengeOf(open))),
    );
    keys.get(`${passkeysPath}/remove`, (visit) => visit.redirect(passkeysPath));
    keys.post(`${passkeysPath}/remove`, (visit, open) => this.removePasskey(visit, open));
    const codes = gate.sensitive(codesPath);
    codes.get(codesPath, (visit, open) => this.showCodes(visit, open));
    codes.post(codesPath, (visit, open) => this.renewCodes(visit, open));
    sections.add({
      id: 'passkeys',
      order: 30,
      title: 'identity.passkeys.title',
      show: (v, o) => this.passkeysOf(v, o),
    });
    sections.add({ id: 'authenticator', order: 40, title: 'identity.totp.title', show: (v, o) => this.totpOf(v, o) });
    sections.add({ id: 'recovery', order: 50, title: 'identity.recovery.title', show: (v, o) => this.codesOf(v, o) });
  }

  // ---- sections --------------------------------------------------------------------------------------------------

  private async passkeysOf(visit: Visit, { account }: OpenAccount): Promise<Html> {
    const { length: count } = await this.passkeys.of(account.id);
    return html`<p>${visit.text('identity.passkeys.text')}</p>
      <p>${visit.text('identity.passkeys.count', { count })}</p>
      <p><a href="${passkeysPath}">${visit.text('identity.passkeys.manage')}</a></p>`;
  }
  private async totpOf(visit: Visit, { account }: OpenAccount): Promise<Html> {
    const { totp } = await this.factors.account(account.id);
    return html`<p>${visit.text(totp ? 'identity.totp.on' : 'identity.totp.off')}</p>
      <p><a href="${totpPath}">${visit.text(totp ? 'identity.totp.manage' : 'identity.totp.set-up')}</a></p>`;
  }
  private async codesOf(visit: Visit, { account }: OpenAccount): Promise<Html> {
    const { totp, passkeys } = await this.factors.account(account.id);
    if (!totp && !passkeys) return html`<p>${visit.text('identity.recovery.none')}</p>`;
    return html`<p>${visit.text('identity.recovery.left', { count: await this.recoveryCodes.left(account.id) })}</p>
      <p><a href="${codesPath}">${visit.text('identity.recovery.renew')}</a></p>`;
  }

  // ---- authenticator app -----------------------------------------------------------------------------------------

  private async showTotp(visit: Visit, open: OpenAccount, tried?: { sealed: string }): Promise<FastifyReply> {
    const { totp } = await this.factors.account(open.account.id);
    if (totp) return this.showTotpOn(visit);
    const offer = this.totp.offer(open.account, this.pages.service, tried?.sealed);
    return visit.show({
      status: tried ? 422 : 200,
      title: visit.text('identity.totp.title'),
      body: html`${visit.formTo(
        totpPath,
        html`<p>${visit.text('identity.totp.scan')}</p>
          <div class="qr" role="img" aria-label="${visit.text('identity.totp.qr')}">${new Html(offer.svg)}</div>
          <p>${visit.text('identity.totp.key')} <code dir="ltr">${inGroups(offer.secret)}</code></p>
          <input type="hidden" name="sealed" value="${offer.sealed}" />
          ${field({
            name: 'code',
            label: visit.text('identity.second-factor.code'),
            autocomplete: 'one-time-code',
            inputMode: 'numeric',
            hint: visit.text('identity.totp.code-hint'),
            error: tried && visit.text('identity.second-factor.wrong'),
            autofocus: true,
            maxLength: 20,
          })}
          ${button(visit.text('identity.totp.enable'))}`,
      )}
      ${backToAccount(visit)}`,
    });
  }
  private showTotpOn(visit: Visit): FastifyReply {
    return visit.show({
      title: visit.text('identity.totp.title'),
      body: html`${visit.formTo(
        `${totpPath}/remove`,
        html`<p>${visit.text('identity.totp.on')}</p>
          ${button(visit.text('identity.totp.remove'), undefined, 'danger')}`,
      )}
      ${backToAccount(visit)}`,
    });
  }
  private async enableTotp(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const { totp } = await this.factors.account(open.account.id);
    if (totp) return visit.redirect(totpPath);
    const sealed = visit.form.get('sealed');
    if (!this.totp.isOffer(open.account, sealed)) return visit.redirect(totpPath);
    const added = await this.changes.enableTotp(open.account, sealed, visit.form.get('code'));
    return added ? this.showAdded(visit, added, 'identity.totp.on') : this.showTotp(visit, open, { sealed });
  }
  private async removeTotp(visit: Visit, { account }: OpenAccount): Promise<FastifyReply> {
    await this.changes.removeTotp(account);
    return visit.redirect('/account?done=totp');
  }

  // ---- passkeys --------------------------------------------------------------------------------------------------

  private async showPasskeys(visit: Visit, { account }: OpenAccount, wrong?: Wrong): Promise<FastifyReply> {
    const passkeys = await this.passkeys.of(account.id);
    return visit.show({
      status: wrong?.status,
      title: visit.text('identity.passkeys.title'),
      scripts: this.passkeyForms.scripts,
      wide: true,
      body: html`<section>
          ${wrong && problem(wrong.text)}
          <p>${visit.text('identity.passkeys.count', { count: passkeys.length })}</p>
          ${
            passkeys.length > 0 &&
            html`<ul class="rows">
              ${passkeys.map(
                ({ id, label, createdAt }) =>
                  html`<li>
                    <p>
                      <bdi>${label}</bdi>
                      <span class="quiet-text"
                        >${visit.text('identity.passkeys.since', { date: new Date(createdAt) })}</span
                      >
                    </p>
                    ${visit.formTo(
                      `${passkeysPath}/remove`,
                      html`<input type="hidden" name="id" value="${id}" />
                        <button
                          type="submit"
                          class="danger"
                          aria-label="${visit.text('identity.passkeys.remove-named', { label })}"
                        >
                          ${visit.text('identity.passkeys.remove')}
                        </button>`,
                    )}
                  </li>`,
              )}
            </ul>`
          }
        </section>
        <section>
          ${this.passkeyForms.form(visit, {
            ceremony: 'register',
            action: passkeysPath,
            kind: 'main',
            button: visit.text('identity.passkeys.add'),
            failed: visit.text('identity.passkeys.failed'),
            fields: field({
              name: 'label',
              label: visit.text('identity.passkeys.label'),
              hint: visit.text('identity.passkeys.label-hint'),
              autocomplete: 'off',
              maxLength: maxLabel,
            }),
          })}
          <noscript><p>${visit.text('identity.passkeys.no-script')}</p></noscript>
        </section>
        ${backToAccount(visit)}`,
    });
  }
  private async addPasskey(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const label =
      visit.form
        .line('label')
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .slice(0, maxLabel) || this.pages.service;
    const added = await this.changes.addPasskey(open.account, visit.form.get('answer'), challengeOf(open), label);
    if (!added) return this.showPasskeys(visit, open, { status: 422, text: visit.text('identity.passkeys.failed') });
    if (!added.recoveryCodes) return visit.redirect('/account?done=passkey-added');
    return this.showAdded(visit, added, 'identity.account.done-passkey-added');
  }
  private async removePasskey(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const id = visit.form.get('id');
    if (!isUuid(id)) return visit.redirect(passkeysPath);
    if (!(await this.changes.removePasskey(open.account, id)))
      return this.showPasskeys(visit, open, { status: 409, text: visit.text('identity.passkeys.last') });
    return visit.redirect('/account?done=passkey');
  }

  // ---- recovery codes --------------------------------------------------------------------------------------------

  private showCodes(visit: Visit, { account }: OpenAccount): Promise<FastifyReply> {
    return this.factors.account(account.id).then(({ totp, passkeys }) =>
      totp || passkeys
        ? visit.show({
            title: visit.text('identity.recovery.title'),
            body: html`${visit.formTo(
              codesPath,
              html`<p>${visit.text('identity.recovery.renew-text')}</p>
                ${button(visit.text('identity.recovery.renew'))}`,
            )}
            ${backToAccount(visit)}`,
          })
        : visit.redirect('/account'),
    );
  }
  private async renewCodes(visit: Visit, { account }: OpenAccount): Promise<FastifyReply> {
    const { totp, passkeys } = await this.factors.account(account.id);
    if (!totp && !passkeys) return visit.redirect('/account');
    return this.showAdded(visit, { recoveryCodes: await this.changes.renewRecoveryCodes(account) });
  }
  /** Shown by the answer to the form itself: a page of their own could be asked for again. */
  private showAdded(visit: Visit, { recoveryCodes = [] }: FactorAdded, said?: string): FastifyReply {
    if (recoveryCodes.length === 0) return visit.redirect('/account');
    return visit.show({
      title: visit.text('identity.recovery.title'),
      body: html`<div class="card">
        ${said !== undefined && notice(visit.text(said))}
        <p>${visit.text('identity.recovery.intro')}</p>
        <ul class="codes" dir="ltr">
          ${recoveryCodes.map((code) => html`<li>${code}</li>`)}
        </ul>
        ${backToAccount(visit)}
      </div>`,
    });
  }
}
const inGroups = (secret: string): string => secret.replace(/.{4}(?=.)/g, '$& ');
